import MusterCore
import MusterHTTP
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("AWS: answers")
struct AnswerTests {
    private static func answer(_ action: String, _ file: String) throws(Problem) -> EC2Answer {
        EC2Answer(action: action, body: try AWSFixtures.bytes(file))
    }

    @Test(
        "What is no whole answer to the action is none, whatever it holds",
        arguments: [
            ("<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>", true),
            ("<DescribeInstancesResponse/>", false),
            ("<html><body><p>Please sign in</p></body></html>", false),
            ("<DescribeImagesResponse><reservationSet/></DescribeImagesResponse>", false),
            ("<Response><Errors><Error><Code>Unavailable</Code></Error></Errors></Response>", false),
            (
                "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId>"
                    + "</item></instancesSet></item></reservationSet></DescribeInstancesResponse>", false
            ),
            (
                "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceState><name>running"
                    + "</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>",
                false
            ),
        ])
    func shapes(_ text: String, _ isAnswer: Bool) {
        let answer = EC2Answer(action: "DescribeInstances", body: Array(text.utf8))
        let found = try? EC2Instance.all(at: EC2Instance.path, in: answer)
        #expect(found == (isAnswer ? [] : nil))
    }

    @Test("DescribeInstances as EC2 writes it")
    func describeInstances() throws {
        let found = try EC2Instance.all(
            at: EC2Instance.path, in: try Self.answer("DescribeInstances", "aws/ec2/describe-instances.xml"))
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
        let found = try RunAnswer(try Self.answer("RunInstances", "aws/ec2/run-instances.xml")).instances
        #expect(found.map(\.id) == ["i-0ee0356c"])
        #expect(found[0].state == "pending" && found[0].subnet == "subnet-b2a249da")
    }

    @Test("CreateFleet: instances and errors by override")
    func createFleet() throws {
        let answer = try FleetAnswer(try Self.answer("CreateFleet", "aws/ec2/create-fleet.xml"))
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
                case "describe-instances":
                    let answer = EC2Answer(action: "DescribeInstances", body: part)
                    _ = try EC2Instance.all(at: EC2Instance.path, in: answer)
                case "run-instances": _ = try RunAnswer(EC2Answer(action: "RunInstances", body: part))
                default: _ = try FleetAnswer(EC2Answer(action: "CreateFleet", body: part))
                }
            }
        }
    }

    @Test("An answer without instances leaves it open what happened")
    func empty() {
        let answer = EC2Answer(
            action: "RunInstances",
            body: Array("<RunInstancesResponse><instancesSet/></RunInstancesResponse>".utf8))
        #expect(throws: EC2Failure.self) { try RunAnswer(answer) }
        do throws(EC2Failure) {
            _ = try RunAnswer(answer)
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
