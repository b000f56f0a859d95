import MusterCore
import MusterRuntime

extension FakeEC2State {
    typealias Outcome = FakeEC2.Outcome

    /// Lets instances boot whose time has come.
    mutating func boot(_ now: Timestamp) {
        for id in booting {
            guard let instance = instances[id], instance.state == "pending" else {
                booting.remove(id)
                continue
            }
            guard now - instance.launchedAt >= bootTime else { continue }
            instances[id]?.state = "running"
            booting.remove(id)
        }
    }

    /// What a token stands for: nil when nobody knows it (any more), an error when it stands for something else.
    func known(_ token: String?, _ body: [UInt8], _ now: Timestamp) -> Result<Token, TokenMismatch>? {
        guard let token, let found = tokens[token], now - found.at < tokenMemory else { return nil }
        return found.body == body ? .success(found) : .failure(TokenMismatch())
    }

    static let mismatch = Outcome.invalid(
        "IdempotentParameterMismatch",
        "Arguments on this idempotent request are inconsistent with arguments used"
            + " in previous request(s).")

    mutating func run(
        _ form: FormParameters, _ body: [UInt8], _ region: String, _ now: Timestamp, _ hasCapacity: Bool
    ) -> Outcome {
        switch known(form["ClientToken"], body, now) {
        case .success(let token):
            guard refusesEnded, token.ids.allSatisfy({ instances[$0]?.isThere != true }) else {
                return .good(reservation(token.ids))
            }
            return .invalid(
                "IdempotentInstanceTerminated",
                "The client token is that of a request whose instance has been terminated.")
        case .failure: return Self.mismatch
        case nil: break
        }
        guard let image = form["ImageId"], let least = form.number("MinCount"),
            let most = form.number("MaxCount"),
            least >= 1, least <= most
        else { return .invalid("MissingParameter", "ImageId, MinCount and MaxCount are needed") }
        let type = form["InstanceType"] ?? "m1.small"
        let subnet = form["SubnetId"] ?? ""
        let zone = form["Placement.AvailabilityZone"] ?? subnets[subnet] ?? "\(region)a"
        let isSpot = form["InstanceMarketOptions.MarketType"] == "spot"
        let taken = hasCapacity ? take(most, type: type, zone: zone, isSpot: isSpot) : 0
        guard taken >= least else {
            return .bad(
                status: 500, code: "InsufficientInstanceCapacity",
                message: "We currently do not have sufficient \(type) capacity in the Availability Zone you"
                    + " requested (\(zone)).")
        }
        let ids = (0..<taken).map { _ in
            make(
                FakeEC2Instance(
                    id: nextID("i-"), region: region, image: image, type: type, zone: zone, subnet: subnet,
                    isSpot: isSpot, state: "pending", tags: Self.tags(form, "instance"),
                    userData: form["UserData"] ?? "", launchedAt: now))
        }
        if let token = form["ClientToken"] {
            tokens[token] = Token(body: body, ids: ids, at: now)
        }
        return .good(reservation(ids))
    }

    mutating func terminate(_ form: FormParameters, _ region: String) -> Outcome {
        let ids = form.list("InstanceId")
        guard ids.count <= 1_000 else { return .invalid("InvalidParameterValue", "too many instances") }
        let unknown = ids.filter { instances[$0]?.region != region }
        guard unknown.isEmpty else {
            let names = unknown.joined(separator: ", ")
            let words = unknown.count == 1 ? "ID '\(names)' does" : "IDs '\(names)' do"
            return .invalid("InvalidInstanceID.NotFound", "The instance \(words) not exist")
        }
        for id in ids where instances[id]?.isThere == true {
            instances[id]?.state = "terminated"
            instances[id]?.reason = "Client.UserInitiatedShutdown: User initiated shutdown"
        }
        return .good(XMLText.list("instancesSet", ids.map { XMLText.leaf("instanceId", $0) }))
    }

    func describe(_ form: FormParameters, _ region: String, _ now: Timestamp) -> Outcome {
        let ids = form.list("InstanceId")
        let unknown = ids.filter { instances[$0]?.region != region }
        guard unknown.isEmpty else {
            return .invalid("InvalidInstanceID.NotFound", "The instance ID '\(unknown[0])' does not exist")
        }
        let filters = Self.filters(form)
        let found = (ids.isEmpty ? order : ids).compactMap { instances[$0] }.filter { instance in
            instance.region == region
                && now - instance.launchedAt >= listingDelay
                && filters.allSatisfy { name, values in
                    guard name.hasPrefix("tag:") else { return true }
                    return instance.tags[String(name.dropFirst(4))].map(values.contains) ?? false
                }
        }
        return paged(found, form, "reservationSet") { [self] in reservationContent([$0.id]) }
    }

    func describeStatus(_ form: FormParameters, _ region: String) -> Outcome {
        let filters = Self.filters(form)
        let found = order.compactMap { instances[$0] }.filter { instance in
            instance.region == region && instance.state == "running"
                && filters.allSatisfy { name, values in
                    switch name {
                    case "system-status.status": values.contains(instance.check)
                    case "instance-status.status", "attached-ebs-status.status": values.contains("ok")
                    case "event.code": instance.events.contains { values.contains($0.code) }
                    default: false
                    }
                }
        }
        return paged(found, form, "instanceStatusSet") { $0.statusXML }
    }

    /// A page of a list, and the token for the next.
    private func paged(
        _ all: [FakeEC2Instance], _ form: FormParameters, _ name: String,
        _ write: (FakeEC2Instance) -> String
    ) -> Outcome {
        let start = form["NextToken"].flatMap { Int($0.dropFirst("page-".count)) } ?? 0
        let size = min(form.number("MaxResults") ?? page, page)
        let part = all.dropFirst(start).prefix(size)
        let isLast = start + size >= all.count
        return .good(
            XMLText.list(name, part.map(write))
                + (isLast ? "" : XMLText.leaf("nextToken", "page-\(start + size)")))
    }

    private func reservation(_ ids: [String]) -> String {
        XMLText.leaf("reservationId", "r-0") + reservationContent(ids)
    }

    private func reservationContent(_ ids: [String]) -> String {
        XMLText.list("instancesSet", ids.compactMap { instances[$0]?.xml })
    }

    /// The tags that a call gives to a kind of resource.
    static func tags(_ form: FormParameters, _ resource: String, in path: String = "") -> [String: String] {
        var tags: [String: String] = [:]
        var number = 1
        while let kind = form["\(path)TagSpecification.\(number).ResourceType"] {
            var index = 1
            while let key = form["\(path)TagSpecification.\(number).Tag.\(index).Key"] {
                if kind == resource {
                    tags[key] = form["\(path)TagSpecification.\(number).Tag.\(index).Value"]
                }
                index += 1
            }
            number += 1
        }
        return tags
    }

    static func filters(_ form: FormParameters) -> [(name: String, values: Set<String>)] {
        var filters: [(name: String, values: Set<String>)] = []
        while let name = form["Filter.\(filters.count + 1).Name"] {
            filters.append((name, Set(form.list("Filter.\(filters.count + 1).Value"))))
        }
        return filters
    }
}

/// A token that was used with other parameters.
struct TokenMismatch: Error {}
