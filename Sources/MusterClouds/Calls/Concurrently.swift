/// Does the same with many things, a bounded number of them at once.
enum Concurrently {
    /// The results, in the order of the elements.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: some Collection<Element>, atOnce bound: Int,
        _ body: @escaping @Sendable (Element) async -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            for (index, element) in elements.enumerated() {
                if index >= bound, let (done, result) = await group.next() { results[done] = result }
                group.addTask { (index, await body(element)) }
            }
            for await (done, result) in group { results[done] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
