import MusterCore

/// The content of a Google launch config.
///
/// With `machineType` and `zone` it is a launch config of the system that Muster replaces, and each instance one
/// `instances.insert`; with `machineTypes` it is Muster's own form, and all instances one `bulkInsert`, in one zone or
/// in a region. Whatever else is written is sent to Google as it is.
struct GoogleContent: Hashable, Sendable {
    /// Where instances may be.
    enum Place: Hashable, Sendable {
        case zone(String)
        /// A region: in these zones, and in any other that is not excluded.
        case region(String, zones: [String], excluded: [String])
    }

    /// Whether all instances are asked for at once.
    var isBulk: Bool
    var place: Place
    /// In order of preference; as written.
    var machineTypes: [String]
    var market: GoogleOffering.Market
    /// What Google gets, but for what Muster sets itself.
    var properties: Document
    /// What the worker gets.
    var workerConfig: Document

    /// The region.
    var region: String {
        switch place {
        case .zone(let zone): GoogleAddress.region(ofZone: zone)
        case .region(let region, _, _): region
        }
    }

    /// The zones that are named.
    var zones: [String] {
        switch place {
        case .zone(let zone): [zone]
        case .region(_, let zones, _): zones
        }
    }

    /// What Muster reads itself; the rest is Google's.
    private static let ownMembers: Set = [
        "region", "zone", "zones", "excludedZones", "machineType", "machineTypes", "workerConfig",
        "workerManager",
        "capacityPerInstance",
    ]

    /// What Muster writes itself.
    private static let writtenMembers = [
        "name", "hostname", "count", "minCount", "namePattern", "perInstanceProperties", "locationPolicy",
        "instanceFlexibilityPolicy", "instanceProperties", "sourceInstanceTemplate",
    ]

    /// Reads a launch config's content and says all that is wrong with it.
    static func read(_ content: Document) -> (content: GoogleContent?, problems: [Problem]) {
        let reader = DocumentReader(content)
        let types = machineTypes(reader)
        let place = place(reader, isBulk: types.isBulk)
        for name in writtenMembers where reader.has(name) {
            reader.refuse(name, "is written by Muster for each launch: leave it out")
        }
        if let capacity = reader.document("capacityPerInstance"), capacity.value != .integer(1) {
            reader.refuse("capacityPerInstance", "belongs into workerManager")
        }
        if reader.boolean("deletionProtection") == true {
            reader.refuse("deletionProtection", "would keep Muster from ending what it started")
        }
        checkDevices(reader)
        checkLabels(reader)
        checkMetadata(reader)
        let scheduling = reader.object("scheduling")
        let isSpot =
            scheduling.string("provisioningModel") == "SPOT" || scheduling.boolean("preemptible") == true
        if scheduling.boolean("automaticRestart") == true {
            reader.refuse(
                "scheduling.automaticRestart",
                "must be false: an instance that failed is replaced by a new one")
        }
        let workerConfig = reader.document("workerConfig") ?? Document(.object([]))
        if case .object = workerConfig.value {
        } else {
            reader.refuse("workerConfig", "must be an object, not \(workerConfig.kind)")
        }
        guard reader.found.isEmpty, let place else { return (nil, reader.found) }
        var properties = GoogleResource(content)
        for name in ownMembers { properties[name] = nil }
        let result = GoogleContent(
            isBulk: types.isBulk, place: place, machineTypes: types.names,
            market: isSpot ? .spot : .standard, properties: properties.document, workerConfig: workerConfig)
        return (result, [])
    }

    private static func machineTypes(_ reader: DocumentReader) -> (names: [String], isBulk: Bool) {
        let one = reader.string("machineType", limit: 1_000)
        guard reader.has("machineTypes") else {
            guard let one else {
                reader.refuse("machineType", "must be there, or machineTypes")
                return ([], false)
            }
            if !isMachineType(GoogleAddress.name(one)) {
                reader.refuse("machineType", "must be a machine type such as n2-standard-4")
            }
            return ([one], false)
        }
        let names = reader.strings("machineTypes", limit: 100) ?? []
        if one != nil { reader.refuse("machineType", "and machineTypes exclude each other") }
        if names.isEmpty || Set(names).count < names.count || !names.allSatisfy(isMachineType) {
            reader.refuse(
                "machineTypes", "must be different machine types such as n2-standard-4, the best first")
        }
        return (names, true)
    }

    /// Letters, digits and dashes: also of the types that are made to measure.
    private static func isMachineType(_ text: String) -> Bool { GoogleAddress.isName(text) }

    private static func place(_ reader: DocumentReader, isBulk: Bool) -> Place? {
        let region = zoneName("region", reader)
        let zone = zoneName("zone", reader).map(GoogleAddress.name)
        if let zone {
            for name in ["zones", "excludedZones"] where reader.has(name) {
                reader.refuse(name, "and zone exclude each other")
            }
            if let region, GoogleAddress.region(ofZone: zone) != GoogleAddress.name(region) {
                reader.refuse("region", "is not the region of the zone")
            }
            return .zone(zone)
        }
        // One that is there and is none has been refused already.
        if reader.has("zone") { return nil }
        guard isBulk, let region = region.map(GoogleAddress.name) else {
            reader.refuse("zone", isBulk ? "must be there, or region and zones" : "must be there")
            return nil
        }
        let zones = reader.strings("zones", limit: 20) ?? []
        let excluded = reader.strings("excludedZones", limit: 20) ?? []
        if zones.isEmpty { reader.refuse("zones", "must name the zones that are meant") }
        for (name, list) in [("zones", zones), ("excludedZones", excluded)] {
            let areOfRegion = list.allSatisfy {
                GoogleAddress.isName($0) && GoogleAddress.region(ofZone: $0) == region
            }
            if !areOfRegion || Set(list).count < list.count {
                reader.refuse(name, "must be different zones of the region")
            }
        }
        if !Set(zones).isDisjoint(with: excluded) {
            reader.refuse("excludedZones", "must not have what zones has")
        }
        return .region(region, zones: zones, excluded: excluded)
    }

    private static func zoneName(_ member: String, _ reader: DocumentReader) -> String? {
        guard let text = reader.string(member, limit: 1_000) else { return nil }
        guard WorkerGroup.accepts(GoogleAddress.name(text)), GoogleAddress.isName(GoogleAddress.name(text))
        else {
            reader.refuse(member, "is not the name of a \(member)")
            return nil
        }
        return text
    }
}
