public import MusterCore
import MusterHTTP

extension GoogleProvider {
    /// Looks whether the zones, machine types, images and subnetworks exist that a launch config names.
    public func validate(_ content: Document) async -> [ProviderFinding] {
        let (read, problems) = GoogleContent.read(content)
        guard let read else {
            return problems.map { ProviderFinding("content", .bad, $0.description) }
        }
        var findings = [ProviderFinding("content", .good, "it can be read")]
        let zones = await Concurrently.map(read.zones, atOnce: GooglePolicy.callsAtOnce) { zone in
            await self.look("zone", "zones/\(zone)", region: read.region)
        }
        findings += zones
        if case .region(let region, let named, let excluded) = read.place {
            findings.append(await others(region, named + excluded))
        }
        let types = read.choices.filter { GoogleAddress.isName($0.machineType) }
        findings += await Concurrently.map(types, atOnce: GooglePolicy.callsAtOnce) { choice in
            await self.look(
                "machine type", "zones/\(choice.zone)/machineTypes/\(choice.machineType)",
                region: read.region)
        }
        let resource = GoogleResource(read.properties)
        for image in Set(resource.elements("disks").compactMap(Self.image)).sorted() {
            findings.append(await look("image", image, region: read.region))
        }
        for subnetwork in Set(resource.elements("networkInterfaces").compactMap(Self.subnetwork)).sorted() {
            let address =
                subnetwork.contains("/") ? subnetwork : "regions/\(read.region)/subnetworks/\(subnetwork)"
            findings.append(await look("subnetwork", address, region: read.region))
        }
        return findings
    }

    /// Whether something is there.
    private func look(_ name: String, _ text: String, region: String) async -> ProviderFinding {
        guard let address = address(of: text) else {
            return ProviderFinding(name, .skipped, "\(text) is not an address of Compute Engine's")
        }
        let call = GoogleCall(
            method: .get, address: address, query: [(name: "fields", value: "name,status,deprecated")],
            kind: .read,
            region: region)
        let shown = GoogleAddress.name(text)
        do {
            let found = try await api.value(call, as: Found.self)
            if found.status == "DOWN" {
                return ProviderFinding(name, .warning, "\(shown) is down at the moment")
            }
            if let state = found.deprecated?.state, state != "ACTIVE" {
                return ProviderFinding(
                    name, state == "DEPRECATED" ? .warning : .bad, "\(shown) is \(state.lowercased())",
                    remedy: "Name another one.")
            }
            return ProviderFinding(name, .good, "\(shown) is there")
        } catch {
            let failure = error.error(GoogleErrorPlace(window: api.window))
            switch failure.kind {
            case .notFound:
                return ProviderFinding(
                    name, .bad, "there is no \(shown)",
                    remedy: "Look how it is spelt, and in which project it is.")
            case .auth where name == "image":
                // To start from an image is another right than to look at it.
                return ProviderFinding(
                    name, .skipped, "\(shown) may not be looked at: \(failure.message)",
                    remedy: "Grant compute.images.get in the project where it is, to have it looked at.")
            case .auth:
                return ProviderFinding(
                    name, .bad, "\(shown) may not be read: \(failure.message)",
                    remedy: "Grant the account the right to use it, in the project where it is.")
            default:
                return ProviderFinding(name, .skipped, "\(shown) could not be looked at: \(failure.message)")
            }
        }
    }

    /// Zones that a region has besides: instances may get there.
    private func others(_ region: String, _ known: [String]) async -> ProviderFinding {
        let call = GoogleCall(
            method: .get, address: api.compute("regions/\(region)"),
            query: [(name: "fields", value: "name,zones")], kind: .read, region: region)
        do {
            let found = try await api.value(call, as: GoogleRegion.self)
            let others = Set((found.zones ?? []).map(GoogleAddress.name)).subtracting(known).sorted()
            guard !others.isEmpty else { return ProviderFinding("region", .good, "all its zones are named") }
            return ProviderFinding(
                "region", .warning,
                "Google may also use \(others.joined(separator: ", ")), of whose shortages Muster will not learn",
                remedy: "Name them in zones or in excludedZones.")
        } catch {
            let failure = error.error(GoogleErrorPlace(window: api.window))
            let isMissing = failure.kind == .notFound
            return ProviderFinding(
                "region", isMissing ? .bad : .skipped,
                isMissing ? "there is no \(region)" : "could not be looked at: \(failure.message)")
        }
    }

    /// An address within Compute Engine, from a full address, from one that begins with a project, or from one
    /// within our own.
    private func address(of text: String) -> String? {
        var path = text[...]
        if path.hasPrefix("https://") || path.hasPrefix("http://") {
            guard let start = path.firstRange(of: "/projects/") else { return nil }
            path = path[path.index(after: start.lowerBound)...]
        }
        let parts = path.split(separator: "/")
        // What a launch config names must not lead anywhere else.
        guard !parts.isEmpty, !parts.contains(".."), !parts.contains(".") else { return nil }
        let escaped = parts.map { GoogleAddress.escaped(String($0)) }.joined(separator: "/")
        return parts[0] == "projects" ? api.anywhere(escaped) : api.compute(escaped)
    }

    private static func image(_ disk: Document) -> String? {
        GoogleResource(GoogleResource(disk)["initializeParams"]).text("sourceImage")
    }

    private static func subnetwork(_ interface: Document) -> String? {
        GoogleResource(interface).text("subnetwork")
    }

    private struct Found: Decodable, Sendable {
        struct Deprecation: Decodable, Sendable { var state: String? }
        var name: String?
        var status: String?
        var deprecated: Deprecation?
    }
}
