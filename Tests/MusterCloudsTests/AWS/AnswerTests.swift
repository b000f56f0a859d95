import MusterCore
import MusterHTTP
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("AWS: answers")
struct AnswerTests {
    @Test("DescribeInstances as EC2 writes it")
    func describeInstances() throws {
        let found = try EC2Instance.described(in: try AWSFixtures.bytes("aws/ec2/describe-instances.xml"))
        #expect(found.map(\.id) == ["i-fde9cece", "i-78f1b94a"])
        #expect(found.map(\.state) == ["stopped", "running"])
        #expect(found.map(\.type) == ["m1.small", "m1.medium"])
        #expect(found.map(\.zone) == ["us-west-2a", "us-west-2b"])
        #expect(found[0].tags == ["notebook": ""])
        #expect(found[0].reason == "Client.UserInitiatedShutdown: User initiated shutdown")
        #expect(found[1].launchedAt == Timestamp("2013-03-12T01:55:59.000Z"))
        let instance = found[0].instance(in: "us-west-2")
        #expect(instance.state == .stopping)
        #expect(instance.launchID.rawValue == "i-fde9cece")
        #expect(instance.offering == "on-demand/m1.small/us-west-2a")
    }

    @Test("RunInstances as EC2 writes it")
    func runInstances() throws {
        let found = try RunAnswer(try AWSFixtures.bytes("aws/ec2/run-instances.xml")).instances
        #expect(found.map(\.id) == ["i-0ee0356c"])
        #expect(found[0].state == "pending" && found[0].subnet == "subnet-b2a249da")
    }

    @Test("CreateFleet: instances and errors by override")
    func createFleet() throws {
        let answer = try FleetAnswer(try AWSFixtures.bytes("aws/ec2/create-fleet.xml"))
        #expect(answer.made.map(\.ids) == [["i-1234567890abcdef0", "i-9876543210abcdef9"]])
        #expect(answer.made[0].type == "c5.large" && answer.made[0].zone == "us-east-1a")
        #expect(answer.refused.map(\.code) == ["UnfulfillableCapacity", "MaxSpotInstanceCountExceeded"])
        #expect(answer.refused.map(\.zone) == ["us-east-1b", "us-east-1a"])
    }

    @Test(
        "An answer that was cut off is none, wherever it was",
        arguments: ["describe-instances", "run-instances", "create-fleet"])
    func truncated(_ name: String) throws {
        let whole = try AWSFixtures.bytes("aws/ec2/\(name).xml")
        for length in stride(from: 0, to: whole.count - 20, by: 97) {
            let part = Array(whole[..<length])
            #expect(throws: EC2Failure.self) {
                switch name {
                case "describe-instances": _ = try EC2Instance.described(in: part)
                case "run-instances": _ = try RunAnswer(part)
                default: _ = try FleetAnswer(part)
                }
            }
        }
    }

    @Test("An answer without instances leaves it open what happened")
    func empty() {
        let body = Array("<RunInstancesResponse><instancesSet/></RunInstancesResponse>".utf8)
        #expect(throws: EC2Failure.self) { try RunAnswer(body) }
        do throws(EC2Failure) {
            _ = try RunAnswer(body)
        } catch {
            #expect(error.mayHaveArrived)
        }
    }

    @Test("Errors of both services are found, and anything else is none")
    func faults() throws {
        func fault(_ body: [UInt8]) -> AWSFault? {
            AWSFault(HTTPResponse(status: 400, headers: [], body: body))
        }
        #expect(fault(try AWSFixtures.bytes("aws/ec2/error.xml"))?.code == "InvalidInstanceID.Malformed")
        #expect(fault(try AWSFixtures.bytes("aws/sts/error.xml"))?.code == "AccessDenied")
        #expect(fault(Array("<html>Bad gateway</html>".utf8)) == nil)
        #expect(
            fault(Array("<!DOCTYPE r [<!ENTITY x \"y\">]><r><Error><Code>&x;</Code></Error></r>".utf8)) == nil
        )
        #expect(fault([]) == nil)
        let long = "<r><Error><Code>\(String(repeating: "x", count: 10_000))</Code></Error></r>"
        #expect(fault(Array(long.utf8))?.code.count == 128)
    }
}
