// MusterCrypto: hashes, message authentication and secrets, by libcrypto.
//
// Bytes in, bytes out. Nothing here knows what the bytes are for, logs anything or keeps anything.
