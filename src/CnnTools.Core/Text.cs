using System.Text.Json;

namespace CnnTools;

/// <summary>Names as people type them, and words that come from files.</summary>
internal static class Text
{
    /// <summary>
    /// Whether a name is a likely typing error of a known one: part of it, or at most a third of it changed; or, of four
    /// letters and more, of its beginning.
    /// </summary>
    public static bool IsNear(string typed, string known)
    {
        if (typed.Length == 0)
        {
            return false;
        }

        string left = typed.ToUpperInvariant();
        string right = known.ToUpperInvariant();
        return right.Contains(left, StringComparison.Ordinal)
            || Distances(left, right)[left.Length < 4 ? ^1.. : ..].Min() <= Math.Max(1, Math.Min(left.Length, right.Length) / 3);
    }

    /// <summary>A text's beginning and end where it is too long for a message.</summary>
    public static string Short(string text)
    {
        const int Side = 150;
        return text.Length <= 2 * Side ? text : $"{text[..Side]} ... {text[^Side..]}";
    }

    /// <summary>What is wrong with JSON, by the line as editors count it.</summary>
    public static string OfJson(Exception exception)
    {
        string text = exception.Message;
        int place = text.IndexOf(text.Contains(" Path: ", StringComparison.Ordinal) ? " Path: " : " LineNumber: ", StringComparison.Ordinal);
        string reason = (place < 0 ? text : text[..place]).TrimEnd('.');
        return exception is JsonException { LineNumber: { } line } ? $"line {line + 1}: {reason}" : reason;
    }

    /// <summary>The first few of a list, and how many more there are.</summary>
    public static string List(IEnumerable<string> items)
    {
        const int Most = 5;
        string[] all = [.. items];
        return string.Join(", ", all.Take(Most).Select(item => item.Length <= 100 ? item : $"{item[..100]}..."))
            + (all.Length > Most ? $" and {all.Length - Most} more" : "");
    }

    /// <summary>Levenshtein's edit distances to all beginnings of the right one, the last of which is itself.</summary>
    private static int[] Distances(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous;
    }
}
