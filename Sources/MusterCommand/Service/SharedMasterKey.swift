import Glibc
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Makes sure that all processes of a shared database derive their secrets from one master key: a worker that one
/// of them admits must be known to the others.
enum SharedMasterKey {
    private static let setting = "masterKey"

    /// Loads the key, and makes sure that it is the one by which the database's secrets have been derived.
    ///
    /// Only the first process of a database makes a new key; the others are given it.
    /// - Throws: as `MasterKeyFile.load`; `Problem` `input-invalid` for another key or none.
    static func load(
        _ path: String, environment: [String: String], for store: any Store
    ) async throws -> MasterKey {
        let known = try await store.read { try await $0.setting(setting) }
        let isGiven = access(path, F_OK) == 0 || !environment["MUSTER_MASTER_KEY", default: ""].isEmpty
        guard known == nil || isGiven else {
            throw Problem(
                .inputInvalid,
                "the database has been used with a master key that is not here: copy \(path) from a machine that "
                    + "has it, or set MUSTER_MASTER_KEY")
        }
        let key = try MasterKeyFile.load(path, environment: environment)
        // Tells one key from another, and nothing of either.
        let mark = key.secret(for: "master-key").reveal()
        let agreed = try await store.write(in: .named("settings")) { transaction in
            if let known = try await transaction.setting(setting) { return known }
            try await transaction.set(setting, to: mark)
            return mark
        }
        guard agreed == mark else {
            throw Problem(
                .inputInvalid,
                "the master key is not the one that the database is used with: take master.key or "
                    + "MUSTER_MASTER_KEY from a machine that works on this database")
        }
        return key
    }
}
