import Glibc
import MusterCore
import MusterCrypto
import MusterEngine
import MusterRuntime

/// Where the master key comes from: the environment, or a file that only its owner can read.
enum MasterKeyFile {
    /// The key; a new one is made and stored when there is none yet.
    ///
    /// - Throws: `Problem` `input-invalid` for a key that is too short or a file that others can read.
    static func load(_ path: String, environment: [String: String]) throws(Problem) -> MasterKey {
        if let text = environment["MUSTER_MASTER_KEY"], !text.isEmpty {
            return try checked(Array(text.utf8), "MUSTER_MASTER_KEY")
        }
        if access(path, F_OK) != 0 {
            guard let bytes = SecretBytes.make(32) else {
                throw Problem(.unavailable, "the machine has no randomness to make a master key from")
            }
            try DurableFile.write(Array(Base64URL.text(bytes).utf8), to: path, mode: 0o600)
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            throw Problem(.inputInvalid, "the master key \(path) can be read by others: chmod 600 \(path)")
        }
        return try checked(try TextFile.read(path, limit: 4_096), path)
    }

    private static func checked(_ bytes: [UInt8], _ source: String) throws(Problem) -> MasterKey {
        let trimmed = Array(bytes.drop { $0 <= 32 }.reversed().drop { $0 <= 32 }.reversed())
        guard trimmed.count >= 32 else {
            throw Problem(.inputInvalid, "the master key of \(source) must be at least 32 characters long")
        }
        return MasterKey(Secret(trimmed))
    }
}
