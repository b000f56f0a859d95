public import MusterCore

/// Where the credentials are that definitions refer to by name.
///
/// A credential is read anew whenever it is used, since files are renewed under running programs.
public struct SecretPlaces: Hashable, Sendable {
    /// Where a credential is.
    public enum Place: Hashable, Sendable {
        /// In a file, by its absolute path; a line break at its end does not belong to it.
        case file(String)
        /// In a variable of the environment.
        case variable(String)
    }

    private let places: [String: Place]
    private let environment: [String: String]

    /// Makes places; `environment` is where variables are looked up.
    public init(_ places: [String: Place] = [:], environment: [String: String] = [:]) {
        self.places = places
        self.environment = environment
    }

    /// Whether there is a credential of this name.
    public func has(_ name: String) -> Bool { places[name] != nil }

    /// The credential as it is now.
    ///
    /// - Throws: `Problem` `input-invalid` when there is none of this name, `unavailable` or `file-failed` when
    ///   it is not where it should be.
    public func read(_ name: String) throws(Problem) -> Secret<String> {
        switch places[name] {
        case .variable(let variable):
            guard let value = environment[variable], !value.isEmpty else {
                throw Problem(
                    .unavailable, "the environment has no \(variable), where the secret \(name) should be")
            }
            return Secret(value)
        case .file(let path):
            let text = String(
                decoding: try TextFile.read(path, limit: RuntimePolicy.largestSecret), as: UTF8.self)
            return Secret(String(text.reversed().drop { $0.isNewline }.reversed()))
        case nil: throw Problem(.inputInvalid, "there is no secret \(name) in muster.yaml")
        }
    }
}
