public import MusterCore
import MusterHTTP

extension AzureProvider {
    public func validate(_ content: Document) async -> [ProviderFinding] {
        let (read, problems) = AzureContent.read(content)
        guard problems.isEmpty else {
            return problems.map { ProviderFinding("content", .bad, $0.description) }
        }
        var findings = [
            ProviderFinding("content", .good, "it is one of a virtual machine, as Muster makes them")
        ]
        findings.append(await size(read))
        findings.append(await subnet(read))
        findings.append(await image(content["storageProfile"]?["imageReference"], in: read.location))
        findings.append(await quotas(in: read.location))
        return findings
    }

    private func size(_ content: AzureContent) async -> ProviderFinding {
        do throws(CloudError) {
            let sizes = try await api.pages(
                AzureSKU.self, AzureRequest(kind: .list, method: .get, url: api.paths.sizes(content.location))
            )
            return Self.size(content, among: sizes)
        } catch {
            return refused("size", error)
        }
    }

    /// What a location's sizes say of a launch config's. Pure.
    static func size(_ content: AzureContent, among sizes: [AzureSKU]) -> ProviderFinding {
        let wanted = sizes.first {
            $0.resourceType?.lowercased() == "virtualmachines"
                && $0.name?.lowercased() == content.size.lowercased()
        }
        guard let wanted else {
            return ProviderFinding(
                "size", .bad, "there is no \(content.size) in \(content.location)",
                remedy: "list those that there are by \"az vm list-skus -l \(content.location)\"")
        }
        for restriction in wanted.restrictions ?? [] {
            let reason = restriction.reasonCode ?? "it is restricted"
            if restriction.type?.lowercased() == "zone" {
                guard let zone = content.zone, restriction.restrictionInfo?.zones?.contains(zone) ?? false
                else { continue }
                return ProviderFinding(
                    "size", .bad, "\(content.size) is not to be had in zone \(zone): \(reason)",
                    remedy: "name another zone, or none")
            }
            return ProviderFinding(
                "size", .bad, "\(content.size) is not to be had in \(content.location): \(reason)",
                remedy: "ask for it in the portal, or name another size or location")
        }
        let zones = wanted.locationInfo?.flatMap { $0.zones ?? [] } ?? []
        if let zone = content.zone, !zones.contains(zone) {
            return ProviderFinding(
                "size", .bad, "\(content.size) is in no zone \(zone) of \(content.location)",
                remedy: zones.isEmpty
                    ? "name no zone" : "name one of \(zones.sorted().joined(separator: ", "))")
        }
        if content.isSpot, !wanted.has("LowPriorityCapable") {
            return ProviderFinding(
                "size", .bad, "\(content.size) is not sold with the priority Spot",
                remedy: "name another size")
        }
        return ProviderFinding("size", .good, "\(content.size) is to be had in \(content.location)")
    }

    private func subnet(_ content: AzureContent) async -> ProviderFinding {
        let url = api.paths.resource(content.subnetID, version: AzurePaths.network)
        return await look("subnet", at: url) { document in
            let prefix = document["properties"]?["addressPrefix"]?.asText
            return ProviderFinding("subnet", .good, "it is there" + (prefix.map { ", with \($0)" } ?? ""))
        }.0
    }

    private func image(_ reference: Document?, in location: String) async -> ProviderFinding {
        guard let reference else {
            return ProviderFinding("image", .skipped, "the launch config names none by imageReference")
        }
        if let id = reference["id"]?.asText {
            guard id.hasPrefix("/subscriptions/"), !id.contains(where: { "?#%".contains($0) }),
                !id.contains("..")
            else {
                return ProviderFinding("image", .bad, "imageReference.id is no id of a resource")
            }
            let isGallery = id.lowercased().contains("/galleries/")
            let version = isGallery ? Self.galleryVersion : configuration.computeVersion
            return await look("image", at: api.paths.resource(id, version: version)) { document in
                let state = document["properties"]?["provisioningState"]?.asText ?? "Succeeded"
                return state == "Succeeded"
                    ? ProviderFinding("image", .good, "it is there")
                    : ProviderFinding("image", .warning, "it is in the state \(state)")
            }.0
        }
        guard let publisher = reference["publisher"]?.asText, let offer = reference["offer"]?.asText,
            let sku = reference["sku"]?.asText
        else {
            return ProviderFinding(
                "image", .skipped, "images of other galleries than one's own are not looked up")
        }
        return await look("image", at: api.paths.image(publisher, offer, sku, in: location)) { document in
            document.asList.isEmpty
                ? ProviderFinding(
                    "image", .bad, "there is no version of \(publisher):\(offer):\(sku) in \(location)",
                    remedy:
                        "list those that there are by \"az vm image list --all -p \(publisher) -l \(location)\""
                )
                : ProviderFinding("image", .good, "\(publisher):\(offer):\(sku) is there")
        }.0
    }

    private static let galleryVersion = "2023-07-03"
}
