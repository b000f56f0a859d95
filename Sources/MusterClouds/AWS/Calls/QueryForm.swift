import MusterCore

/// The parameters of a call as EC2's Query API writes them: lists are numbered from 1, members joined by dots.
struct QueryForm: Hashable, Sendable {
    private(set) var parameters: [(name: String, value: String)]

    /// Begins the form of an action.
    init(_ action: String) {
        parameters = [("Action", action), ("Version", "2016-11-15")]
    }

    /// The action.
    var action: String { parameters[0].value }

    /// The body of the call.
    var text: String { PercentEncoding.form(parameters) }

    mutating func set(_ name: String, _ value: String) { parameters.append((name, value)) }

    mutating func set(_ name: String, _ value: Int) { set(name, String(value)) }

    /// A list of values.
    mutating func set(_ name: String, _ values: some Sequence<String>) {
        for (index, value) in values.enumerated() { set("\(name).\(index + 1)", value) }
    }

    /// A filter: what has one of the values.
    mutating func filter(_ number: Int, _ name: String, _ values: [String]) {
        set("Filter.\(number).Name", name)
        set("Filter.\(number).Value", values)
    }

    /// Tags for a kind of resource.
    mutating func tag(
        _ number: Int, _ resource: String, _ tags: [(key: String, value: String)], in path: String = ""
    ) {
        let prefix = "\(path)TagSpecification.\(number)"
        set("\(prefix).ResourceType", resource)
        for (index, tag) in tags.enumerated() {
            set("\(prefix).Tag.\(index + 1).Key", tag.key)
            set("\(prefix).Tag.\(index + 1).Value", tag.value)
        }
    }

    /// The members of an object, as SDKs and the command line write them, below a path.
    mutating func set(members: [Document.Member], in path: String = "") {
        for member in members { set(member.document, as: path + Self.wireName(member.name, in: path)) }
    }

    private mutating func set(_ document: Document, as name: String) {
        switch document.value {
        case .null: break
        case .boolean(let flag): set(name, flag ? "true" : "false")
        case .integer, .number: set(name, document.canonicalJSON)
        case .string(let text): set(name, text)
        case .array(let elements):
            for (index, element) in elements.enumerated() { set(element, as: "\(name).\(index + 1)") }
        case .object(let members): set(members: members, in: name + ".")
        }
    }

    /// The name on the wire, where it is not that of the member: most lists are singular there.
    private static func wireName(_ name: String, in path: String) -> String {
        switch name {
        case "Ipv6Addresses": path.isEmpty ? "Ipv6Address" : name
        case "PrivateIpAddresses": path.contains("SecondaryInterface.") ? "PrivateIpAddress" : name
        default: wireNames[name] ?? name
        }
    }

    private static let wireNames = [
        "BlockDeviceMappings": "BlockDeviceMapping",
        "ElasticGpuSpecifications": "ElasticGpuSpecification",
        "ElasticInferenceAccelerators": "ElasticInferenceAccelerator",
        "Groups": "SecurityGroupId",
        "Ipv4Prefixes": "Ipv4Prefix",
        "Ipv6Prefixes": "Ipv6Prefix",
        "LicenseSpecifications": "LicenseSpecification",
        "MetricCategoryIds": "MetricCategoryId",
        "NetworkInterfaces": "NetworkInterface",
        "SecondaryInterfaces": "SecondaryInterface",
        "SecurityGroupIds": "SecurityGroupId",
        "SecurityGroups": "SecurityGroup",
        "TagSpecifications": "TagSpecification",
        "Tags": "Tag",
    ]

    static func == (left: QueryForm, right: QueryForm) -> Bool { left.text == right.text }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
