import MusterCore
import MusterRuntime

/// Follows the pages of a call to their end.
struct EC2Pages: Sendable {
    let calls: EC2Calls

    /// The elements at a path, of all pages, as `read` makes something of those of one.
    ///
    /// - Throws: when a page fails, or is of another shape than a page of this list, or the pages do not end: what
    ///   there is is then not all.
    func all<Element>(
        _ path: String, keeping: Set<String>? = nil, of form: QueryForm, in region: String,
        _ read: ([XMLElement], EC2Answer) throws(EC2Failure) -> [Element]
    ) async throws(EC2Failure) -> [Element] {
        var all: [Element] = []
        var token: String?
        for _ in 0..<CloudPolicy.mostAWSPages {
            var page = form
            page.set("MaxResults", CloudPolicy.awsPage)
            if let token { page.set("NextToken", token) }
            let answer = try await calls.send(page, in: region)
            let found = try answer.elements(
                [XMLWish(path, keeping: keeping), XMLWish("nextToken")], requiring: EC2Answer.list(of: path))
            all += try read(found.filter { $0.wish == 0 }.map(\.element), answer)
            guard let next = found.first(where: { $0.wish == 1 })?.element.text, !next.isEmpty else {
                return all
            }
            guard next != token else { break }
            token = next
        }
        throw EC2Failure(
            code: "answer-unexpected", message: "\(form.action) in \(region) gives pages without end",
            mayHaveArrived: true)
    }

    /// The elements at a path, of all pages.
    func elements(_ path: String, of form: QueryForm, in region: String) async throws(EC2Failure)
        -> [XMLElement]
    {
        try await all(path, of: form, in: region) { (elements, _) throws(EC2Failure) in elements }
    }

    /// The instances that a form describes.
    func instances(_ form: QueryForm, in region: String) async throws(EC2Failure) -> [EC2Instance] {
        try await all(EC2Instance.path, keeping: EC2Instance.kept, of: form, in: region) {
            (elements, answer) throws(EC2Failure) in try EC2Instance.read(elements, of: answer)
        }
    }
}
