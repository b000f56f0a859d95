import MusterCore
import Testing

@Suite("Spelling")
struct SpellingTests {
    private let words = ["list", "show", "submit", "cancel", "logs", "wait"]

    @Test(
        "finds the nearest word, or none when none is near",
        arguments: [
            ("lits", "list"), ("ilts", nil), ("lst", "list"), ("List", "list"), ("sbumit", "submit"),
            ("cancle", "cancel"),
            ("log", "logs"), ("", nil), ("zzzzzz", nil), ("submitted", "submit"),
        ] as [(String, String?)])
    func nearest(word: String, expected: String?) {
        #expect(Spelling.nearest(to: word, among: words) == expected)
    }

    @Test("prefers fewer edits, and then the alphabet")
    func ties() {
        #expect(Spelling.nearest(to: "cat", among: ["hat", "bat", "cats"]) == "bat")
    }
}
