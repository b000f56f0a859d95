extension [any CodingKey] {
    /// The field that a decoder is at, as problems name it: `config.launchConfigs[0].image`; nil at the root.
    package var fieldPath: String? {
        var path = ""
        for key in self {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path.isEmpty ? nil : path
    }
}
