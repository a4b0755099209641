package audit

// ReadLeaf reads a leaf's bytes as a record and writes them again, for the fuzz test.
func ReadLeaf(data []byte) ([]byte, error) {
	r, err := parse(data)
	if err != nil {
		return nil, err
	}
	return r.data(), nil
}
