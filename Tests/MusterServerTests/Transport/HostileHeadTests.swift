import MusterCore
import MusterTesting
import Testing

@testable import MusterServer

/// Heads of requests with random changes: refused with a 4xx, or read so that nothing is left to read in two ways.
@Suite("Hostile heads of requests")
struct HostileHeadTests {
    @Test("Targets are refused or have no segment that leads elsewhere")
    func targets() {
        let seeds = [
            "/api/muster/v1/worker-pools/demo%2Fbuild/tasks?limit=10&state=pending",
            "http://host:1/a?b=%20+c",
            "/%E2%82%ac/%2e%2e/x",
        ]
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<6_000 {
            let seed = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            do throws(Refusal) {
                let target = try RequestTarget(parsing: generator.mutated(Array(seed.utf8)))
                for segment in target.path {
                    #expect(segment != "." && segment != ".." && !segment.utf8.contains(0))
                }
                for item in target.query {
                    #expect(!item.name.utf8.contains(0) && !item.value.utf8.contains(0))
                }
            } catch {
                #expect((400..<500).contains(error.status))
            }
        }
    }

    @Test("Headers are refused or trimmed, and a length is a length")
    func headers() {
        let seeds = [
            ("Host", "127.0.0.1:8780"), ("Content-Length", "42"), ("Transfer-Encoding", "chunked"),
            ("Authorization", " Bearer abc "), ("X-Other", "\t value é"),
        ]
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<6_000 {
            let headers = (0..<Int.random(in: 0...5, using: &generator)).map {
                _ -> (name: String, value: String) in
                let seed = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
                func text(_ text: String) -> String {
                    guard Int.random(in: 0..<3, using: &generator) == 0 else { return text }
                    return String(decoding: generator.mutated(Array(text.utf8)), as: UTF8.self)
                }
                return (text(seed.0), text(seed.1))
            }
            do throws(Refusal) {
                let head = try RequestHead(
                    method: "POST", version: "HTTP/1.1", rawTarget: Array("/a".utf8), headers: headers)
                #expect((head.contentLength ?? 0) >= 0)
                for header in head.headers { #expect(HeaderSyntax.trimmed(header.value) == header.value) }
            } catch {
                #expect((400..<500).contains(error.status))
            }
        }
    }
}
