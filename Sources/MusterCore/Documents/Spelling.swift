/// Guesses what a misspelt word was meant to be.
public enum Spelling {
    /// The candidate with the fewest edits from `word`; nil when none is near (a third of the letters, at
    /// least one, at most three).
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let bound = min(3, max(1, word.count / 3))
        return
            candidates
            // Also keeps a word of a megabyte from being compared letter by letter.
            .filter { abs($0.utf8.count - word.utf8.count) <= bound }
            .map { (word: $0, distance: distance($0, word)) }
            .filter { $0.distance <= bound }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?
            .word
    }

    /// Levenshtein's distance with two letters swapped as one edit, letter case aside.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().utf8)
        let right = Array(right.lowercased().utf8)
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            for (column, rightByte) in right.enumerated() {
                let replaced = previous[column] + (leftByte == rightByte ? 0 : 1)
                var least = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, leftByte == right[column - 1], rightByte == left[row - 1] {
                    least = min(least, beforePrevious[column - 1] + 1)
                }
                current.append(least)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
