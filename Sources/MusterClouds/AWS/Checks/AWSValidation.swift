import MusterCore
import MusterRuntime

/// Holds a launch config against EC2, without launching.
struct AWSValidation: Sendable {
    let configuration: AWSConfiguration
    let calls: EC2Calls

    /// What EC2 says of a content.
    func findings(_ content: Document) async -> [ProviderFinding] {
        let (found, problems) = AWSContent.read(content, configuration)
        guard problems.isEmpty, let found else {
            return problems.map {
                ProviderFinding("content", .bad, $0.description, remedy: "mend the launch config")
            }
        }
        switch found.form {
        case .instances(let members): return [await dryRun(found, members)]
        case .fleet(let fleet):
            return [
                await images(found), await subnets(fleet, in: found.region),
                await types(fleet, in: found.region),
            ]
        }
    }

    /// EC2 checks the whole call.
    private func dryRun(_ content: AWSContent, _ members: [Document.Member]) async -> ProviderFinding {
        let form = AWSRendering(configuration: configuration).trial(content, members)
        do throws(EC2Failure) {
            _ = try await calls.send(form, in: content.region)
            return ProviderFinding("RunInstances", .good, "a dry run succeeds")
        } catch {
            if error.code == AWSErrorTable.dryRun {
                return ProviderFinding("RunInstances", .good, "a dry run succeeds")
            }
            return finding("RunInstances", error)
        }
    }

    private func images(_ content: AWSContent) async -> ProviderFinding {
        let image = content.image ?? ""
        var form = QueryForm("DescribeImages")
        form.set("ImageId", [image])
        return await look("image", form, "imagesSet/item", in: content.region) { images in
            guard let found = images.first else { return (.bad, "there is no image \(image)") }
            let state = found.text("imageState") ?? "unknown"
            let words = "\(image) (\(found.text("architecture") ?? "?")) is \(state)"
            return (state == "available" ? .good : .bad, words)
        }
    }

    private func subnets(_ fleet: FleetContent, in region: String) async -> ProviderFinding {
        var form = QueryForm("DescribeSubnets")
        form.set("SubnetId", fleet.subnets.map(\.id))
        return await look("subnets", form, "subnetSet/item", in: region) { subnets in
            for wanted in fleet.subnets {
                guard let found = subnets.first(where: { $0.text("subnetId") == wanted.id }) else {
                    return (.bad, "there is no subnet \(wanted.id)")
                }
                let zone = found.text("availabilityZone") ?? "?"
                guard zone == wanted.zone else {
                    return (.bad, "\(wanted.id) is in \(zone), not \(wanted.zone)")
                }
                if found.text("availableIpAddressCount") == "0" {
                    return (.warning, "\(wanted.id) has no free address")
                }
            }
            return (.good, "\(fleet.subnets.count) subnets are in their zones and have free addresses")
        }
    }

    private func types(_ fleet: FleetContent, in region: String) async -> ProviderFinding {
        var form = QueryForm("DescribeInstanceTypeOfferings")
        form.set("LocationType", "availability-zone")
        form.filter(1, "instance-type", fleet.types)
        form.filter(2, "location", fleet.subnets.map(\.zone))
        return await look("instance types", form, "instanceTypeOfferingSet/item", in: region) { offered in
            let pairs = Set(offered.map { "\($0.text("instanceType") ?? "")/\($0.text("location") ?? "")" })
            let wanted = fleet.types.flatMap { type in fleet.subnets.map { "\(type)/\($0.zone)" } }
            let missing = wanted.filter { !pairs.contains($0) }
            if missing.isEmpty { return (.good, "all \(wanted.count) are offered") }
            let words = missing.prefix(10).joined(separator: ", ")
            return (missing.count == wanted.count ? .bad : .warning, "not offered: \(words)")
        }
    }

    private func look(
        _ name: String, _ form: QueryForm, _ path: String, in region: String,
        _ judge: ([XMLElement]) -> (ProviderFinding.Verdict, String)
    ) async -> ProviderFinding {
        do throws(EC2Failure) {
            let found = try await calls.send(form, in: region).items(path)
            let (verdict, message) = judge(found)
            return ProviderFinding(
                name, verdict, message, remedy: verdict == .good ? nil : "mend the launch config")
        } catch {
            return finding(name, error)
        }
    }

    private func finding(_ name: String, _ failure: EC2Failure) -> ProviderFinding {
        let error = failure.error()
        let message = "\(failure.code): \(failure.message)"
        switch error.kind {
        case .throttled, .network, .transient, .unknown: return ProviderFinding(name, .skipped, message)
        case .auth:
            return ProviderFinding(
                name, .skipped, message,
                remedy: "permit the call, as the policy in docs/operating/aws.md does")
        case .capacity, .quota:
            return ProviderFinding(name, .warning, message, remedy: "it passes, or another place is needed")
        case .invalidConfig, .notFound:
            return ProviderFinding(name, .bad, message, remedy: "mend the launch config")
        }
    }
}
