import MusterCore
import MusterHTTP
import MusterRuntime

extension AzureProvider {
    public func check() async -> [ProviderFinding] {
        do throws(Problem) {
            _ = try await api.token.current()
        } catch {
            return [
                ProviderFinding(
                    "credentials", .bad, error.message,
                    remedy: "see \"Keys\" in docs/operating/azure.md; then check again")
            ]
        }
        var findings = [
            ProviderFinding("credentials", .good, "Azure gives tokens to \(configuration.credential.words)")
        ]
        let (subscription, response) = await look("subscription", at: api.paths.subscription) { document in
            let state = document["state"]?.asText ?? ""
            let name = document["displayName"]?.asText ?? configuration.subscription
            return state == "Enabled"
                ? ProviderFinding("subscription", .good, "\(name) is enabled")
                : ProviderFinding(
                    "subscription", .bad, "\(name) is in the state \(state)",
                    remedy: "have it enabled in the portal")
        }
        findings.append(subscription)
        if let response { findings.append(clock(response)) }
        let group = await resourceGroup()
        findings.append(group.finding)
        findings.append(await permissions())
        findings.append(await graph())
        return findings + (await quotas(beside: group.location))
    }

    /// A look at one resource; what Azure refuses is a finding too.
    func look(
        _ name: String, at url: String, _ body: (Document) -> ProviderFinding
    ) async -> (ProviderFinding, HTTPResponse?) {
        do throws(CloudError) {
            let response = try await api.success(AzureRequest(kind: .read, method: .get, url: url))
            guard let document = try? JSON.document(response.body) else {
                return (ProviderFinding(name, .warning, "what Azure answered cannot be read"), response)
            }
            return (body(document), response)
        } catch {
            return (refused(name, error), nil)
        }
    }

    func refused(_ name: String, _ error: CloudError) -> ProviderFinding {
        let remedy: String? =
            switch error.kind {
            case .auth: "give the identity the role of docs/operating/azure.md in the resource group"
            case .notFound: "see whether the name in muster.yaml is right"
            case .network: "see whether \(configuration.endpoints.management) can be reached from here"
            default: nil
            }
        return ProviderFinding(name, .bad, error.description, remedy: remedy)
    }

    private func resourceGroup() async -> (finding: ProviderFinding, location: String?) {
        var location: String?
        let (finding, _) = await look("resource-group", at: api.paths.group) { document in
            location = document["location"]?.asText
            let state = document["properties"]?["provisioningState"]?.asText ?? ""
            let name = configuration.resourceGroup
            return state == "Deleting"
                ? ProviderFinding(
                    "resource-group", .bad, "\(name) is being deleted", remedy: "name another one")
                : ProviderFinding(
                    "resource-group", .good, "\(name) is there, in \(location ?? "an unknown location")")
        }
        return (finding, location.flatMap { AzureContent.isLocation($0) ? $0 : nil })
    }

    /// Tokens and assertions have times: a clock that is wrong makes them fail.
    private func clock(_ response: HTTPResponse) -> ProviderFinding {
        guard let then = response.header("Date").flatMap(RetryAfter.moment) else {
            return ProviderFinding("clock", .skipped, "Azure did not say what time it is")
        }
        let difference = api.clock.now() - then
        let seconds = abs(difference.milliseconds) / 1_000
        guard seconds <= CloudPolicy.azureClockSkew.milliseconds / 1_000 else {
            return ProviderFinding(
                "clock", .bad, "this machine's clock and Azure's are \(seconds) s apart",
                remedy: "set it by NTP: \"timedatectl set-ntp true\"")
        }
        return ProviderFinding("clock", .good, "this machine's clock is Azure's within \(seconds + 1) s")
    }

    private func permissions() async -> ProviderFinding {
        do throws(CloudError) {
            let granted = try await api.pages(
                AzurePermission.self, AzureRequest(kind: .read, method: .get, url: api.paths.groupPermissions)
            )
            let missing = AzurePermission.needed.filter { action in !granted.contains { $0.allows(action) } }
            guard !missing.isEmpty else {
                return ProviderFinding("permissions", .good, "everything that Muster does is allowed")
            }
            return ProviderFinding(
                "permissions", .bad,
                "not allowed in \(configuration.resourceGroup): \(missing.joined(separator: ", "))",
                remedy: "give the identity the role of docs/operating/azure.md in the resource group")
        } catch {
            return refused("permissions", error)
        }
    }

    private func graph() async -> ProviderFinding {
        do throws(CloudError) {
            let halted = try await power.ask().count
            return ProviderFinding("resource-graph", .good, "it answers; \(halted) machines do not run")
        } catch {
            return ProviderFinding(
                "resource-graph", .warning,
                "spot machines that Azure halts cannot be seen: \(error.description)",
                remedy:
                    "give evictionPolicy Delete to spot machines, or let the identity read the resource group"
            )
        }
    }
}
