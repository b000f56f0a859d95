import MusterCore

extension GoogleContent {
    /// Disks and interfaces, without which Google makes no instance. A disk that is made with an instance goes with
    /// it: of one that stayed nobody would ever know.
    static func checkDevices(_ reader: DocumentReader) {
        for name in ["disks", "networkInterfaces"] {
            let elements = reader.list(name, limit: 200) ?? []
            if elements.isEmpty { reader.refuse(name, "must have at least one element") }
            for element in elements {
                guard case .object = element.document.value else {
                    reader.refuse(element, "must be an object, not \(element.document.kind)")
                    continue
                }
                guard name == "disks", element.document["source"] == nil,
                    element.document["autoDelete"]?.value == .boolean(false)
                else { continue }
                reader.element(element).refuse(
                    "autoDelete",
                    "must be true: the disk would stay when its instance goes, and nobody remove it")
            }
        }
    }

    /// Labels by Google's rules, and none of Muster's own.
    static func checkLabels(_ reader: DocumentReader) {
        let labels = reader.stringMap("labels") ?? [:]
        if labels.count > 56 { reader.refuse("labels", "must have at most 56 members: Muster adds its own") }
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
            let shown = JSONText.quoted(String(name.prefix(80)))
            if name.hasPrefix("muster-") || name == "managed-by" {
                reader.refuse("labels", "the name \(shown) is one of Muster's own: choose another")
            } else if !isLabel(name) || name.isEmpty || !isLabel(value) {
                reader.refuse(
                    "labels",
                    "\(shown) and its value must be up to 63 lower-case letters, digits, - and _ each")
            }
        }
    }

    /// Letters of all scripts are allowed, as long as they have no capitals.
    private static func isLabel(_ text: String) -> Bool {
        text.count <= 63 && text.utf8.count <= 128
            && text.unicodeScalars.allSatisfy { scalar in
                scalar == "-" || scalar == "_"
                    || (scalar.isASCII
                        ? ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
                        : scalar.properties.isAlphabetic && !scalar.properties.isUppercase)
            }
    }

    /// Items of metadata, and none of Muster's own.
    static func checkMetadata(_ reader: DocumentReader) {
        let metadata = reader.object("metadata")
        for item in metadata.list("items") ?? [] {
            let reader = metadata.element(item)
            guard let key = reader.string("key", limit: 128), !key.isEmpty else {
                reader.refuse("key", "must be a text that is not empty")
                continue
            }
            if GoogleContent.ownMetadata.contains(key) {
                reader.refuse("key", "is one of Muster's own: choose another")
            }
            if let value = reader.document("value"), value.kind != "a string" {
                reader.refuse("value", "must be a string, not \(value.kind)")
            }
        }
    }

    /// The items that Muster writes: for workers of the system it replaces, and its own.
    static let ownMetadata: Set = ["taskcluster", "muster"]
}
