package deposit

// LuhnFits lets the tests run published numbers of every length against the check digit.
var LuhnFits = luhnFits
