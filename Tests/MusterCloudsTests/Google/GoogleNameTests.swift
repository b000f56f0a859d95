import MusterCore
import Testing

@testable import MusterClouds

@Suite("Google names") struct GoogleNameTests {
    @Test("a launch id that Muster makes is used as it is") func plain() throws {
        var chance = SeededGenerator(seed: 3)
        let launch = NewIdentifier.launch(at: Timestamp(milliseconds: 1_800_000_000_000), using: &chance)
        #expect(GoogleName.label(launch) == launch.rawValue)
        #expect(GoogleName.instance(of: launch, 12) == "\(launch)-12")
        #expect(GoogleName.launch(ofLabel: launch.rawValue) == launch)
    }

    @Test(
        "every launch id gives a name by Google's rules, and is read again",
        arguments: [
            "A", "_", "-", "0", "l-", "L01", "a_b", "x0", "x0abc", "x1abc", "x", "1abc",
            String(repeating: "Z", count: 38), String(repeating: "_", count: 38), "a-b", "l01jd",
        ])
    func every(_ text: String) {
        check(LaunchID(rawValue: text))
    }

    @Test("so does any of two thousand, and no two have one name") func many() {
        var chance = SeededGenerator(seed: 11)
        let alphabet = Array("abcXYZ0189-_")
        var labels: [String: String] = [:]
        for _ in 0..<2_000 {
            let length = Int.random(in: 1...38, using: &chance)
            let text = String((0..<length).map { _ in alphabet[Int.random(in: 0..<12, using: &chance)] })
            let label = check(LaunchID(rawValue: text))
            #expect(labels.updateValue(text, forKey: label) ?? text == text)
        }
    }

    @discardableResult private func check(_ launch: LaunchID) -> String {
        let label = GoogleName.label(launch)
        #expect(label.utf8.count <= 63)
        #expect(GoogleName.launch(ofLabel: label) == launch)
        let name = GoogleName.instance(of: launch, 4_999)
        #expect(GoogleAddress.isName(name), "\(launch) became \(name)")
        return label
    }

    @Test(
        "a label that is none of ours names no launch",
        arguments: ["", "x0", "x0w", "x0zz", "x1aa", "A", "a_b", "x00"])
    func strange(_ label: String) {
        #expect(GoogleName.launch(ofLabel: label) == nil)
    }

    @Test(
        "pools are readable in bills",
        arguments: [
            ("proj/linux", "proj_linux"), ("a/b-c", "a_b-c"),
        ])
    func pools(_ pool: String, _ label: String) { #expect(GoogleName.readable(pool) == label) }

    @Test(
        "pools that Google's rules would make one are two",
        arguments: ["Proj/linux", "proj_x/linux", "p-x/linux"])
    func distinct(_ pool: String) {
        let label = GoogleName.readable(pool)
        #expect(label.utf8.count <= 63)
        #expect(
            label != GoogleName.readable(pool.lowercased().replacing("_", with: "-")) || pool == "p-x/linux")
    }

    @Test("the longest pool fits") func longest() {
        let pool = String(repeating: "P", count: 38) + "/" + String(repeating: "l", count: 38)
        #expect(GoogleName.readable(pool).utf8.count == 63)
    }

    @Test("a request id is the launch's alone, and another for each instance") func requestIDs() {
        let launch = LaunchID(rawValue: "l01")
        let ids = [nil, 0, 1].map { GoogleRequestID.make(launch, index: $0) }
        #expect(Set(ids).count == 3)
        #expect(ids == [nil, 0, 1].map { GoogleRequestID.make(launch, index: $0) })
        for id in ids {
            let parts = id.split(separator: "-").map(\.count)
            #expect(parts == [8, 4, 4, 4, 12])
            #expect(id.dropFirst(14).first == "5")
        }
    }
}
