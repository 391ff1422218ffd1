using System.Text;
using System.Text.RegularExpressions;
using CnnTools.Drawing;

namespace CnnTools.Plots;

/// <summary>Names of things of a kind, short and still told apart.</summary>
internal static partial class Names
{
    private const int FewLetters = 12;

    /// <summary>Where one is long, they lose the words that all have at the same place; what tells them apart stays.</summary>
    /// <param name="many">More letters than these are long.</param>
    /// <param name="most">No name keeps more letters.</param>
    public static string[] Shorten(string[] names, int many, int most)
    {
        if (names.Distinct().Skip(1).Any() && names.Any(name => name.Length > many))
        {
            string[][] words = Array.ConvertAll(names, name => WordEnds().Split(name));
            int least = words.Min(name => name.Length) - 1;
            int begin = Enumerable.Range(0, least).TakeWhile(i => words.All(name => name[i] == words[0][i])).Count();
            int end = Enumerable.Range(1, least - begin).TakeWhile(i => words.All(name => name[^i] == words[0][^i])).Count();
            bool aligned = words.All(name => name.Length == words[0].Length);
            names = Array.ConvertAll(words, name => WithoutShared(name, i =>
                i < begin || i >= name.Length - end || (aligned && words.All(other => other[i] == name[i]))));
        }

        return Array.ConvertAll(names, name => Label.Shorten(name, most));
    }

    /// <summary>After a mark between words, which the minus of 1e-3 is not.</summary>
    [GeneratedRegex(@"(?<=[ _/]|(?<!\d[eE])-)")]
    private static partial Regex WordEnds();

    /// <summary>The word before one that differs stays: it says what differs.</summary>
    private static string WithoutShared(string[] words, Func<int, bool> isShared)
    {
        StringBuilder text = new();
        for (int from = 0, to; from < words.Length; from = to)
        {
            to = from + Enumerable.Range(from, words.Length - from).TakeWhile(i => isShared(i) == isShared(from)).Count();
            string part = string.Concat(words[from..to]);
            string last = to < words.Length && words[to - 1].Length <= FewLetters ? words[to - 1] : "";
            text.Append(isShared(from) && part.Length > FewLetters ? "\u2026" + last : part);
        }

        return text.ToString();
    }
}
