import FoundationEssentials
import MusterCore
import Testing

@Suite("A document as Codable")
struct DocumentCodableTests {
    @Test(
        "comes back from JSON as it was",
        arguments: [
            "null", "true", "1", "-9223372036854775808", "0.25", #""a""#, "[]", "{}",
            #"{"a":[1,2.5,"x",{"b":null}],"c":{"d":false}}"#,
        ])
    func roundTrip(json: String) throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
        #expect(document.canonicalJSON == json)
        let encoded = try JSONEncoder().encode(document)
        #expect(try JSONDecoder().decode(Document.self, from: encoded) == document)
    }
}
