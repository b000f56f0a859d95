import MusterCore
import MusterRuntime

extension FakeEC2State {
    private struct Override {
        var type: String
        var subnet: String
        var zone: String

        var xml: String {
            XMLText.element(
                "launchTemplateAndOverrides",
                XMLText.element(
                    "overrides", XMLText.leaf("instanceType", type), XMLText.leaf("subnetId", subnet),
                    XMLText.leaf("availabilityZone", zone)))
        }
    }

    mutating func createFleet(
        _ form: FormParameters, _ body: [UInt8], _ region: String, _ now: Timestamp, _ hasCapacity: Bool
    ) -> Outcome {
        switch known(form["ClientToken"], body, now) {
        // A repeated call gives the fleet's id, and no instance.
        case .success(let token):
            let errors = replaysErrors ? XMLText.list("errorSet", token.errors) : ""
            return .good(XMLText.leaf("fleetId", "fleet-0") + errors)
        case .failure: return Self.mismatch
        case nil: break
        }
        guard form["Type"] == "instant",
            let name = form["LaunchTemplateConfigs.1.LaunchTemplateSpecification.LaunchTemplateName"],
            let target = form.number("TargetCapacitySpecification.TotalTargetCapacity"), target > 0
        else { return .invalid("MissingParameter", "a fleet needs a template and a capacity") }
        guard let template = templates["\(region)/\(name)"] else {
            return .invalid(
                "InvalidLaunchTemplateName.NotFoundException",
                "At least one of the launch templates specified in the request does not exist.")
        }
        let isSpot = form["TargetCapacitySpecification.DefaultTargetCapacityType"] == "spot"
        var made: [String] = []
        var errors: [String] = []
        var ids: [String] = []
        for override in Self.overrides(form) {
            let wanted = target - ids.count
            guard wanted > 0 else { break }
            let taken =
                hasCapacity ? take(wanted, type: override.type, zone: override.zone, isSpot: isSpot) : 0
            let new = (0..<taken).map { _ in
                make(instance(override, template, form, isSpot: isSpot, region: region, now))
            }
            ids += new
            let lifecycle = XMLText.leaf("lifecycle", isSpot ? "spot" : "on-demand")
            if !new.isEmpty {
                let list = XMLText.list("instanceIds", new)
                made.append(override.xml + lifecycle + list + XMLText.leaf("instanceType", override.type))
            }
            if taken < wanted {
                let message = "We currently do not have sufficient capacity for \(override.type)"
                errors.append(
                    override.xml + lifecycle
                        + XMLText.leaf(
                            "errorCode", isSpot ? "UnfulfillableCapacity" : "InsufficientInstanceCapacity")
                        + XMLText.leaf("errorMessage", message))
            }
        }
        if let token = form["ClientToken"] {
            tokens[token] = Token(body: body, ids: ids, errors: errors, at: now)
        }
        return .good(
            XMLText.leaf("fleetId", "fleet-0") + XMLText.list("errorSet", errors)
                + XMLText.list("fleetInstanceSet", made))
    }

    /// A fleet whose template is not to be found: an answer with errors, after which a repeat has nothing to tell.
    mutating func refuseTemplate(_ form: FormParameters, _ body: [UInt8], _ now: Timestamp) -> Outcome {
        let errors = Self.overrides(form).map {
            $0.xml + XMLText.leaf("errorCode", "InvalidLaunchTemplateName.NotFoundException")
                + XMLText.leaf("errorMessage", "The specified launch template does not exist.")
        }
        if let token = form["ClientToken"] {
            tokens[token] = Token(body: body, ids: [], errors: errors, at: now)
        }
        return .good(
            XMLText.leaf("fleetId", "fleet-0") + XMLText.list("errorSet", errors)
                + XMLText.list("fleetInstanceSet", []))
    }

    mutating func createTemplate(_ form: FormParameters, _ region: String, _ now: Timestamp) -> Outcome {
        guard let name = form["LaunchTemplateName"] else {
            return .invalid("MissingParameter", "a template needs a name")
        }
        guard templates["\(region)/\(name)"] == nil else {
            return .invalid(
                "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
        }
        templates["\(region)/\(name)"] = Template(
            id: nextID("lt-"), name: name, region: region, parameters: form,
            tags: Self.tags(form, "launch-template"),
            madeAt: now)
        return .good(XMLText.element("launchTemplate", XMLText.leaf("launchTemplateName", name)))
    }

    func describeTemplates(_ form: FormParameters, _ region: String) -> Outcome {
        let filters = Self.filters(form)
        let found = templates.values.filter { template in
            template.region == region
                && filters.allSatisfy { name, values in
                    template.tags[String(name.dropFirst(4))].map(values.contains) ?? false
                }
        }
        return .good(
            XMLText.list(
                "launchTemplates",
                found.sorted { $0.name < $1.name }.map {
                    XMLText.leaf("launchTemplateId", $0.id) + XMLText.leaf("launchTemplateName", $0.name)
                        + XMLText.leaf("createTime", $0.madeAt.description)
                        + XMLText.list(
                            "tagSet",
                            $0.tags.sorted { $0.key < $1.key }.map {
                                XMLText.leaf("key", $0.key) + XMLText.leaf("value", $0.value)
                            })
                }))
    }

    /// Tags templates; nothing else is tagged by itself.
    mutating func tagTemplates(_ form: FormParameters, _ region: String) -> Outcome {
        for id in form.list("ResourceId") {
            guard let key = templates.first(where: { $0.value.id == id && $0.value.region == region })?.key
            else { return .invalid("InvalidLaunchTemplateId.NotFound", "there is no \(id)") }
            var number = 1
            while let name = form["Tag.\(number).Key"] {
                templates[key]?.tags[name] = form["Tag.\(number).Value"]
                number += 1
            }
        }
        return .good(XMLText.leaf("return", "true"))
    }

    mutating func deleteTemplate(_ form: FormParameters, _ region: String) -> Outcome {
        let name = form["LaunchTemplateName"] ?? ""
        guard templates.removeValue(forKey: "\(region)/\(name)") != nil else {
            return .invalid("InvalidLaunchTemplateName.NotFoundException", "no such template")
        }
        return .good(XMLText.element("launchTemplate", XMLText.leaf("launchTemplateName", name)))
    }

    private mutating func instance(
        _ override: Override, _ template: Template, _ form: FormParameters, isSpot: Bool, region: String,
        _ now: Timestamp
    ) -> FakeEC2Instance {
        let own = Self.tags(template.parameters, "instance", in: "LaunchTemplateData.")
        let tags = own.merging(Self.tags(form, "instance")) { $1 }
        return FakeEC2Instance(
            id: nextID("i-"), region: region,
            image: template.parameters["LaunchTemplateData.ImageId"] ?? "", type: override.type,
            zone: override.zone, subnet: override.subnet, isSpot: isSpot, state: "pending", tags: tags,
            userData: template.parameters["LaunchTemplateData.UserData"] ?? "", launchedAt: now)
    }

    private static func overrides(_ form: FormParameters) -> [Override] {
        var overrides: [Override] = []
        let path = "LaunchTemplateConfigs.1.Overrides"
        while let type = form["\(path).\(overrides.count + 1).InstanceType"] {
            let number = overrides.count + 1
            overrides.append(
                Override(
                    type: type, subnet: form["\(path).\(number).SubnetId"] ?? "",
                    zone: form["\(path).\(number).AvailabilityZone"] ?? ""))
        }
        return overrides
    }
}
