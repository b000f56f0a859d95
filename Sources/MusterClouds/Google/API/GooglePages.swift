import MusterCore
import MusterHTTP
import MusterRuntime

/// An answer that may have another one after it.
protocol GooglePage: Decodable, Sendable {
    /// What the next one is asked for with; nil or empty at the end.
    var nextPageToken: String? { get }
}

extension GoogleAPI {
    /// Reads pages until there is no further one, or `isEnough` says so after one. Any that fails, fails it all.
    ///
    /// - Parameter pageTime: how long each of them may take.
    func pages<Page: GooglePage>(
        _ address: String, region: String, query: [(name: String, value: String)], of type: Page.Type,
        pageTime: Duration = GooglePolicy.callDeadline, until isEnough: (Page) -> Bool = { _ in false }
    ) async throws(GoogleFailure) -> [Page] {
        var pages: [Page] = []
        var token: String?
        repeat {
            var words = query + [(name: "maxResults", value: String(GooglePolicy.pageSize))]
            if let token { words.append((name: "pageToken", value: token)) }
            let call = GoogleCall(
                method: .get, address: address, query: words, kind: .list, region: region, deadline: pageTime)
            let page = try await value(call, as: type)
            pages.append(page)
            Progress.step()
            if isEnough(page) { return pages }
            let last = token
            token = page.nextPageToken
            // One that leads back to itself would be followed for ever.
            guard pages.count < GooglePolicy.pages, token != last || token?.isEmpty != false else {
                throw .problem(
                    Problem(.answerUnexpected, "a listing of Google's has no end"), mayHaveArrived: false)
            }
        } while token?.isEmpty == false
        return pages
    }
}
