import MusterCrypto
import MusterRuntime

/// Compares secrets.
enum SharedSecret {
    /// Whether `shown` is the secret, in a time that depends on the length of `shown` alone.
    ///
    /// Where there is no secret, or an empty one, nothing matches.
    static func matches(_ shown: String, _ secret: Secret<String>?) -> Bool {
        let known = secret?.reveal() ?? ""
        // Hashes are of one length, so that not even the secret's is told.
        let areEqual = MessageAuthentication.areEqual(
            SHA256.hash(Array(shown.utf8)), SHA256.hash(Array(known.utf8)))
        return areEqual && !known.isEmpty
    }
}
