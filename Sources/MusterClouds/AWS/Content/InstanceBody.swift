import MusterCore

/// The part of a launch config that describes instances in EC2's own words.
enum InstanceBody {
    /// What Muster says itself in every launch.
    static let own: Set<String> = ["ClientToken", "DryRun", "MaxCount", "MinCount"]
    /// What a launch template must not say, because the fleet's overrides and markets do.
    static let notInTemplates: Set<String> = own.union([
        "InstanceMarketOptions", "InstanceRequirements", "InstanceType", "LaunchTemplate", "SubnetId",
    ])

    /// Reads an object of such words; problems go to the reader.
    static func members(
        _ name: String, of reader: DocumentReader, refusing refused: Set<String>
    ) -> [Document.Member] {
        let body = reader.object(name)
        guard let found = reader.document(name), case .object(let members) = found.value else {
            if !reader.has(name) { reader.refuse(name, "is missing") }
            return []
        }
        for member in members {
            _ = body.document(member.name)
            if refused.contains(member.name) { body.refuse(member.name, "is Muster's to say: leave it out") }
        }
        if body.string("ImageId")?.isEmpty ?? true { body.refuse("ImageId", "must name an image (AMI)") }
        if body.has("UserData") {
            body.refuse(
                "UserData", "would be replaced: write it as text in userData, or use additionalUserData")
        }
        check(tags: body)
        check(leftovers: body)
        let metadata = body.object("MetadataOptions")
        if case .string("disabled") = metadata.document("HttpEndpoint")?.value {
            metadata.refuse("HttpEndpoint", "must not be disabled: workers show by the metadata who they are")
        }
        if case .object(let members) = body.document("NetworkInterfaces")?.value, !members.isEmpty {
            body.refuse("NetworkInterfaces", "must be a list")
        }
        return members.filter { $0.name != "TagSpecifications" }
    }

    /// The tags that a body gives to a kind of resource.
    static func tags(_ specifications: [Document], for resource: String) -> [(key: String, value: String)] {
        specifications.filter { text($0["ResourceType"]) == resource }.flatMap { specification in
            elements(specification["Tags"]).compactMap { tag in
                text(tag["Key"]).map { ($0, text(tag["Value"]) ?? "") }
            }
        }
    }

    /// The kinds of resources that a body gives tags to, in the order written.
    static func resources(_ specifications: [Document]) -> [String] {
        var found: [String] = []
        for resource in specifications.compactMap({ text($0["ResourceType"]) })
        where !found.contains(resource) {
            found.append(resource)
        }
        return found
    }

    static func text(_ document: Document?) -> String? {
        guard case .string(let text) = document?.value else { return nil }
        return text
    }

    static func elements(_ document: Document?) -> [Document] {
        guard case .array(let elements) = document?.value else { return [] }
        return elements
    }

    /// Refuses what would stay behind with every instance: nobody removes it.
    private static func check(leftovers body: DocumentReader) {
        for mapping in elements("BlockDeviceMappings", of: body) {
            mapping.object("Ebs").refuseLeftover("the volume")
        }
        // One that was there before is not made with the instance.
        for interface in elements("NetworkInterfaces", of: body) where !interface.has("NetworkInterfaceId") {
            interface.refuseLeftover("the interface")
        }
    }

    /// The elements of a list; none where it is something else, which is not for Muster to say.
    private static func elements(_ name: String, of body: DocumentReader) -> [DocumentReader] {
        guard case .array = body.document(name)?.value else { return [] }
        return (body.list(name) ?? []).map(body.element)
    }

    private static func check(tags body: DocumentReader) {
        for element in body.list("TagSpecifications", limit: 50) ?? [] {
            let specification = body.element(element)
            if specification.string("ResourceType") == nil {
                specification.refuse("ResourceType", "must name a kind of resource, such as instance")
            }
            let tags = specification.list("Tags", limit: 50) ?? []
            // EC2 takes fifty of one resource, of which some are Muster's.
            if tags.count > 40 { specification.refuse("Tags", "must be at most 40") }
            for element in tags {
                let tag = specification.element(element)
                let fault = ResourceTags.fault(tag.string("Key") ?? "", tag.string("Value") ?? "")
                if let fault { specification.refuse(element, fault) }
                tag.refuseUnknown()
            }
            specification.refuseUnknown()
        }
    }
}

extension DocumentReader {
    fileprivate func refuseLeftover(_ what: String) {
        let isKept: Bool
        switch document("DeleteOnTermination")?.value {
        case .boolean(let flag): isKept = !flag
        case .string(let text): isKept = text.lowercased() != "true"
        default: isKept = false
        }
        guard isKept else { return }
        refuse(
            "DeleteOnTermination",
            "must not be false: \(what) would stay behind with every instance, for ever")
    }
}
