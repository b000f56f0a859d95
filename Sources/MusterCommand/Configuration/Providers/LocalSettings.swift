import MusterCore

/// How processes of this machine are had as workers.
struct LocalSettings: Hashable, Sendable {
    /// The users that pool definitions may name; none may be named that is not here.
    var users: [String] = []
    /// Where the folders of its instances are; nil for the state folder. Services of one machine and one database
    /// that start instances there share it.
    var folder: String?
}

extension LocalSettings {
    /// Reads a provider of this kind; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, in surroundings: ProviderSurroundings) {
        users = reader.users()
        folder = reader.path("folder").map { ConfigurationFile.absolute($0, in: surroundings.folder) }
    }
}

extension DocumentReader {
    fileprivate func users() -> [String] {
        let users = strings("users") ?? []
        let rule =
            "must hold names of users: 1 to \(ConfigurationPolicy.longestUserName) visible ASCII characters"
        for user in users {
            let fits = (1...ConfigurationPolicy.longestUserName).contains(user.utf8.count)
            if !fits || !user.utf8.allSatisfy({ (33...126).contains($0) }) { refuse("users", rule) }
        }
        return users
    }
}
