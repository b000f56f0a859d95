import MusterCore
import MusterHTTP
import MusterRuntime

/// Tries what the provider needs to work, region by region, and changes nothing.
struct AWSChecks: Sendable {
    let configuration: AWSConfiguration
    let calls: EC2Calls
    let credentials: ExpiringValue<AWSCredentials>
    let tokenService: SecurityTokenService
    let client: HTTPClient
    let clock: any WallClock

    /// All findings.
    func run() async -> [ProviderFinding] {
        var findings = await identity()
        guard !findings.contains(where: { $0.verdict == .bad && $0.name == "credentials" }) else {
            return findings
        }
        let regions = await withTaskGroup(of: (Int, [ProviderFinding]).self) { group in
            for (index, region) in configuration.regions.enumerated() {
                group.addTask { (index, await self.permissions(in: region) + self.quotas(in: region)) }
            }
            var all: [(Int, [ProviderFinding])] = []
            for await found in group { all.append(found) }
            return all.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
        findings += regions
        return findings
    }

    /// Who AWS takes Muster for, and how far apart the clocks are.
    private func identity() async -> [ProviderFinding] {
        do throws(Problem) {
            let found = try await credentials.current()
            guard configuration.hasTokenService else {
                return [
                    ProviderFinding(
                        "credentials", .skipped,
                        "those of \(found.origin) are used; whose they are is not asked without endpoints.sts"
                    )
                ]
            }
            let (identity, answer) = try await tokenService.callerIdentity(of: found)
            let clocks = clockFinding(answer)
            switch identity {
            case .failure(let error):
                let finding = ProviderFinding(
                    "credentials", .bad,
                    "AWS refuses the credentials of \(found.origin): \(error.cloudCode)",
                    remedy: "replace the key \(found.accessKeyID), or let the role be taken on")
                return [finding] + clocks
            case .success(let caller):
                let who = caller.arn ?? "account \(caller.account)"
                return [ProviderFinding("credentials", .good, "\(who) by \(found.origin)")] + clocks
            }
        } catch {
            return [
                ProviderFinding(
                    "credentials", .bad, error.message,
                    remedy: "give Muster credentials as docs/operating/aws.md says, or mend its way to AWS")
            ]
        }
    }

    private func clockFinding(_ answer: HTTPResponse) -> [ProviderFinding] {
        guard let date = answer.header("Date").flatMap(RetryAfter.moment) else { return [] }
        let off = clock.now() - date
        let seconds = Int(off.inSeconds.rounded())
        guard off > CloudPolicy.awsClockTolerance || off < .zero - CloudPolicy.awsClockTolerance else {
            return [ProviderFinding("clock", .good, "within \(CloudPolicy.awsClockTolerance) of AWS's")]
        }
        return [
            ProviderFinding(
                "clock", .warning, "this machine's clock is \(seconds) s off from AWS's, which refuses 300 s",
                remedy: "let a time service set the clock")
        ]
    }

    /// A dry run of every action that changes something, and a look with each that does not.
    private func permissions(in region: String) async -> [ProviderFinding] {
        var findings: [ProviderFinding] = []
        for (form, use) in Self.trials() {
            findings.append(await trial(form, use, in: region))
        }
        return findings
    }

    private func trial(_ form: QueryForm, _ use: String, in region: String) async -> ProviderFinding {
        let name = "\(form.action) \(region)"
        var form = form
        form.set("DryRun", "true")
        do throws(EC2Failure) {
            _ = try await calls.send(form, in: region)
            return ProviderFinding(name, .good, "permitted")
        } catch {
            if error.code == AWSErrorTable.dryRun { return ProviderFinding(name, .good, "permitted") }
            switch error.error().kind {
            case .auth:
                return ProviderFinding(
                    name, .bad, "\(error.code): \(use)",
                    remedy: "permit ec2:\(form.action), as the policy in docs/operating/aws.md does")
            case .invalidConfig, .notFound:
                // EC2 looks at permissions before it looks at what was named.
                return ProviderFinding(name, .good, "permitted")
            case .throttled, .network, .transient, .capacity, .quota, .unknown:
                return ProviderFinding(name, .skipped, "\(error.code): \(error.message)")
            }
        }
    }

    private static func trials() -> [(QueryForm, String)] {
        var run = QueryForm("RunInstances")
        run.set("ImageId", "ami-00000000000000000")
        run.set("InstanceType", "t3.micro")
        run.set("MinCount", 1)
        run.set("MaxCount", 1)
        var end = QueryForm("TerminateInstances")
        end.set("InstanceId", ["i-00000000000000000"])
        var fleet = QueryForm("CreateFleet")
        fleet.set("Type", "instant")
        fleet.set("TargetCapacitySpecification.TotalTargetCapacity", 1)
        fleet.set("TargetCapacitySpecification.DefaultTargetCapacityType", AWSMarket.onDemand.rawValue)
        fleet.set(
            "LaunchTemplateConfigs.1.LaunchTemplateSpecification.LaunchTemplateName",
            "muster-permission-check")
        fleet.set("LaunchTemplateConfigs.1.LaunchTemplateSpecification.Version", "1")
        var template = QueryForm("CreateLaunchTemplate")
        template.set("LaunchTemplateName", "muster-permission-check")
        template.set("LaunchTemplateData.InstanceType", "t3.micro")
        return [
            (QueryForm("DescribeInstances"), "instances cannot be found again"),
            (QueryForm("DescribeInstanceStatus"), "failed hosts and planned maintenance are not seen"),
            (run, "launch configs with launchConfig cannot launch"),
            (end, "instances cannot be ended"),
            (fleet, "launch configs with fleet cannot launch"),
            (template, "launch configs with fleet cannot launch"),
        ]
    }

    private func quotas(in region: String) async -> [ProviderFinding] {
        await AWSQuotas(configuration: configuration, credentials: credentials, client: client, clock: clock)
            .findings(in: region)
    }
}
