package app

// Version names the API's description; the program's own version is set when it is built.
const Version = "1.0.0"
