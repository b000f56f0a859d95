// MusterCrypto: hashes, signatures, certificates, signed messages and tokens, by libcrypto.
//
// Bytes in, bytes out. Nothing here knows what the bytes are for, logs anything or keeps anything, and nothing
// knows what time it is: moments are handed in, as seconds since 1970.
