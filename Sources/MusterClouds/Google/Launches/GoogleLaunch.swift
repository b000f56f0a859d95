import MusterCore
import MusterRuntime

/// A launch as it is stored before it is sent: the call's body, and what is needed to look it up again.
struct GoogleLaunch: Sendable {
    let id: LaunchID
    /// The project it went to; nil in those of before it was written down.
    let project: String?
    let count: Int
    let content: Summary
    /// The body of the call; of an instance that is inserted alone, all but its name.
    let body: Document

    /// What a look-up needs to know of the launch config.
    struct Summary: Hashable, Sendable {
        var isBulk: Bool
        /// The zone, where there is one.
        var zone: String?
        var region: String
        var choices: [GoogleOffering]
        var subnetwork: String?
    }

    /// The names of its instances, by index.
    var names: [String] { (0..<count).map { GoogleName.instance(of: id, $0) } }

    /// The request ids of its calls: of the one, or of one for each instance.
    var requestIDs: [String] {
        content.isBulk ? [GoogleRequestID.make(id)] : (0..<count).map { GoogleRequestID.make(id, index: $0) }
    }

    /// Zones of its region in which it has no instances.
    var excludedZones: Set<String> {
        guard case .object(let locations)? = body["locationPolicy"]?["locations"]?.value else { return [] }
        let denied = locations.filter { GoogleResource($0.document).text("preference") == "DENY" }
        return Set(denied.map { GoogleAddress.name($0.name) })
    }

    /// Where its operations are.
    var scope: GoogleScope { content.zone.map(GoogleScope.zone) ?? .region(content.region) }

    /// Writes an order down.
    ///
    /// - Throws: the first problem with the order's content, or that it is too large for Google.
    init(_ order: LaunchOrder, _ configuration: GoogleProviderConfiguration) throws(Problem) {
        let (content, problems) = GoogleContent.read(order.content)
        guard let content else {
            throw problems.first ?? Problem(.inputInvalid, "the launch config cannot be read")
        }
        guard (1...GooglePolicy.instancesPerCall).contains(order.count) else {
            throw Problem(
                .inputInvalid,
                "a launch has 1 to \(GooglePolicy.instancesPerCall) instances, not \(order.count)")
        }
        id = order.launchID
        project = configuration.project
        count = order.count
        var zone: String?
        if case .zone(let name) = content.place { zone = name }
        self.content = Summary(
            isBulk: content.isBulk, zone: zone, region: content.region, choices: content.choices,
            subnetwork: content.subnetwork)
        body = content.body(order, configuration)
        let metadata = GoogleResource(content.isBulk ? body["instanceProperties"] : body)["metadata"]
        guard metadata.map({ $0.canonicalJSON.utf8.count <= GooglePolicy.metadataBytes }) ?? true else {
            throw Problem(
                .inputTooLarge, "the metadata of an instance has \(GooglePolicy.metadataBytes) bytes at most",
                field: "workerConfig")
        }
    }
}

extension GoogleLaunch {
    /// It as JSON: equal launches give equal bytes.
    var text: String {
        var stored = GoogleResource()
        stored["launch"] = Document(.string(id.rawValue))
        stored["project"] = project.map { Document(.string($0)) }
        stored["count"] = Document(.integer(Int64(count)))
        stored["call"] = Document(.string(content.isBulk ? "bulkInsert" : "insert"))
        stored["region"] = Document(.string(content.region))
        stored["zone"] = content.zone.map { Document(.string($0)) }
        stored["subnetwork"] = content.subnetwork.map { Document(.string($0)) }
        stored["offerings"] = Document(.array(content.choices.map { Document(.string($0.name)) }))
        stored["body"] = body
        return stored.document.canonicalJSON
    }

    /// Reads what `text` wrote; nil when this is no such launch.
    init?(text: String) {
        guard let document = try? JSON.document(Array(text.utf8)) else { return nil }
        let stored = GoogleResource(document)
        guard let launch = stored.text("launch"), LaunchID.accepts(launch),
            let region = stored.text("region"),
            case .integer(let count)? = stored["count"]?.value,
            (1...Int64(GooglePolicy.instancesPerCall)).contains(count), let body = stored["body"],
            let call = stored.text("call"), ["insert", "bulkInsert"].contains(call),
            call == "bulkInsert" || stored.text("zone") != nil
        else { return nil }
        id = LaunchID(rawValue: launch)
        project = stored.text("project")
        self.count = Int(count)
        self.body = body
        content = Summary(
            isBulk: call == "bulkInsert", zone: stored.text("zone"), region: region,
            choices: stored.texts("offerings").compactMap(GoogleOffering.init(name:)),
            subnetwork: stored.text("subnetwork"))
    }

    /// The body of the call for the instance with this index, or for all of them.
    func bytes(_ index: Int? = nil) -> [UInt8] {
        guard let index else { return Array(body.canonicalJSON.utf8) }
        var instance = GoogleResource(body)
        instance["name"] = Document(.string(GoogleName.instance(of: id, index)))
        return Array(instance.document.canonicalJSON.utf8)
    }
}
