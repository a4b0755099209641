package crypto

// PINMAC proves a payment PIN the way a bank's hardware module does: MAC(customer ‖ salt ‖ key id ‖ PIN) under a
// key that neither the database nor a backup holds. A slow hash would protect nothing, because a PIN has only a
// million values; without the key there is nothing to try them against. The customer is part of the MAC, so a proof
// copied to another row proves nothing there.
func (r *Ring) PINMAC(customer string, salt []byte, pin string) (id string, mac []byte) {
	hashes := r.hashes(PIN)
	primary := hashes.ids[0]
	id = keyID(primary)
	return id, compute(hashes.set.PRFs[primary], pinMessage(customer, salt, id, pin))
}

// VerifyPIN tells in constant time whether the PIN is the one that was proved. When it is and StalePIN says so,
// write a fresh PINMAC, so that a rotation ends by itself.
func (r *Ring) VerifyPIN(customer string, salt []byte, pin, id string, mac []byte) bool {
	number, ok := parseKeyID(id)
	if !ok {
		return false
	}
	hash, ok := r.hashes(PIN).set.PRFs[number]
	return ok && Equal(compute(hash, pinMessage(customer, salt, id, pin)), mac)
}

// StalePIN tells whether a proof stands under an old key and should be written again at the next right PIN.
func (r *Ring) StalePIN(id string) bool { return id != keyID(r.hashes(PIN).ids[0]) }

func pinMessage(customer string, salt []byte, id, pin string) []byte {
	return join("pin", customer, string(salt), id, pin)
}
