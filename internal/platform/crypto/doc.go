// Package crypto keeps the bank's keys and does everything that needs one.
//
// Its words:
//
//   - A Ring is the bank's set of keys. It lives in a folder of its own, outside the data folder and outside
//     backups: whoever steals the database and not the ring has stolen nothing readable. A hardware module or a
//     secret manager mounts its keys as that folder.
//   - A Purpose names what a key may be used for. No key serves two purposes.
//   - A DataKey belongs to one customer and seals that customer's personal fields. It is stored beside the customer,
//     wrapped by the ring, so that destroying one small value makes all personal data of one person unreadable.
//   - AAD says where a sealed value stands (table, column, row), so that it cannot be moved to another place.
//   - A blind index is a keyed hash of a normalised value: it finds a phone number by equality in a column that
//     nobody can read.
//   - A Signer signs receipts, statements and contracts, with RSA, ECDSA or the Chinese SM2.
//   - A Secret is a text that never prints itself.
//
// The life of a key: created → (staged) → primary → old → retired. Only the primary key writes; every key that is not
// yet retired still reads. A cluster stages a new key, distributes the folder, and only then rotates, so that no
// node meets a value it cannot read.
//
//	ring, err := crypto.OpenRing("/etc/tongbao/keys")
//	wrapped, key, err := ring.NewDataKey()                                             // store wrapped beside the customer
//	sealed := key.Seal([]byte("13800138000"), crypto.AAD{Table: "customer_person", Column: "phone", Row: id})
//	index := ring.Index("customer.phone", "+8613800138000")                            // store beside the sealed phone
//
// Failures of Open, OpenToken and Verify never say why: a reason would help only a forger.
package crypto
