import MusterCore
import MusterRuntime
import Testing

@Suite("JSON and Codable")
struct JSONCodableTests {
    private struct Pool: Codable, Equatable {
        var name: String
        var size: Int
        var ratio: Double?
        var tags: [String: String] = [:]
        var configs: [Config] = []
        var id: PoolID?
    }

    private struct Config: Codable, Equatable {
        var region: String
        var at: Timestamp?
    }

    @Test("names are sorted, slashes are left alone, and what was written reads back")
    func roundTrip() throws {
        let pool = Pool(
            name: "a/b", size: 2, ratio: 0.5, tags: ["z": "1", "a": "2"],
            configs: [Config(region: "r", at: Timestamp(milliseconds: 5))], id: PoolID(rawValue: "a/b"))
        let bytes = JSON.encode(pool)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"configs":[{"at":"1970-01-01T00:00:00.005Z","region":"r"}],"id":"a/b","name":"a/b","#
                + #""ratio":0.5,"size":2,"tags":{"a":"2","z":"1"}}"#)
        #expect(try JSON.decode(Pool.self, from: bytes) == pool)
        #expect(try JSON.decode(Pool.self, from: JSON.encode(pool, pretty: true)) == pool)
        #expect(JSON.encode(pool, pretty: true).contains(10))
    }

    @Test("numbers that JSON has no words for do not end the process")
    func notFinite() {
        let text = String(decoding: JSON.encode([Double.infinity, -.infinity, .nan]), as: UTF8.self)
        #expect(text == #"["Infinity","-Infinity","NaN"]"#)
    }

    @Test(
        "a value of the wrong shape is a problem that names the field",
        arguments: [
            (#"{"size":1,"tags":{},"configs":[]}"#, "name", "is missing"),
            (#"{"name":1,"size":1,"tags":{},"configs":[]}"#, "name", "must be a string"),
            (#"{"name":null,"size":1,"tags":{},"configs":[]}"#, "name", "must be a string, not null"),
            (#"{"name":"a","size":"1","tags":{},"configs":[]}"#, "size", "must be a whole number"),
            (#"{"name":"a","size":1,"tags":[],"configs":[]}"#, "tags", "must be an object"),
            (#"{"name":"a","size":1,"tags":{},"configs":{}}"#, "configs", "must be a list"),
            (
                #"{"name":"a","size":1,"tags":{},"configs":[{"region":"r"},{"region":true}]}"#,
                "configs[1].region", "must be a string"
            ),
            (
                #"{"name":"a","size":1,"tags":{},"configs":[{"region":"r","at":"noon"}]}"#, "configs[0].at",
                "a time must be ISO 8601 in UTC, such as 2026-11-21T07:30:00Z"
            ),
        ])
    func wrongShape(json: String, field: String, message: String) {
        let expected = Problem(.inputInvalid, message, field: field)
        #expect(throws: expected) { try JSON.decode(Pool.self, from: Array(json.utf8)) }
    }

    @Test("a problem thrown while decoding comes through as it is")
    func innerProblem() throws {
        let json = #"{"name":"a","size":1,"tags":{},"configs":[],"id":"no slash"}"#
        let thrown = #expect(throws: Problem.self) { try JSON.decode(Pool.self, from: Array(json.utf8)) }
        #expect(thrown?.code == .inputInvalid)
        #expect(thrown?.field == "id")
        #expect(thrown?.message.contains("is not a worker pool id") == true)
    }

    @Test("an id that does not fit is named with its place in a list")
    func innerProblemInList() throws {
        struct Holder: Decodable { let runs: [RunReference] }
        let json = #"{"runs":[{"taskId":"t","runId":0},{"taskId":"a b","runId":0}]}"#
        let thrown = #expect(throws: Problem.self) { try JSON.decode(Holder.self, from: Array(json.utf8)) }
        #expect(thrown?.field == "runs[1].taskId")
    }

    @Test(
        "a number that does not fit is not said to be no JSON",
        arguments: ["1e30", "1.5", "99999999999999999999"])
    func numbers(number: String) throws {
        let json = #"{"taskId":"t","runId":\#(number)}"#
        let thrown = #expect(throws: Problem.self) {
            try JSON.decode(RunReference.self, from: Array(json.utf8))
        }
        #expect(thrown?.message.contains("valid JSON") == false)
    }

    @Test("text that is no JSON is a problem with its line")
    func malformed() throws {
        let thrown = #expect(throws: Problem.self) {
            try JSON.decode(Pool.self, from: Array("{\"name\":\n oops}".utf8))
        }
        #expect(thrown?.code == .inputMalformed)
        #expect(thrown?.line == 2)
    }
}
