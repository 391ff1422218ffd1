using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CnnTools.Tests.Fuzzing;

/// <summary>
/// Damages JSON in its structure, so that it still parses more often than not: numbers beyond all bounds, values of
/// another kind, members removed, doubled or renamed, nesting as deep as a well.
/// </summary>
internal sealed class JsonMutation
{
    private static readonly string[] Numbers =
    [
        "0", "-1", "1", "2", "3", "7", "255", "65536", "1000000", "2147483647", "2147483648", "-2147483648", "4294967296",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e9", "1e308", "1e999", "-0.0", "0.5", "1.5",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "\"\"", "\"x\"", "\"input\"", "[]", "{}", "[1]", "[1,2,3,4,5]", "[2147483647,2147483647]",
        "[1000000,1000000,1000000]", "{\"type\":\"Linear\",\"outFeatures\":2000000000}", "\"\\ud800\"", "\"\\u0000\"",
    ];

    private readonly RandomStream _random;
    private readonly HashSet<int> _changed = [];
    private readonly StringBuilder _text = new();
    private int _next;

    private JsonMutation(JsonElement root, RandomStream random)
    {
        _random = random;
        int count = Count(root);
        for (int changes = 1 + random.NextInt32(3); changes > 0; changes--)
        {
            _changed.Add(random.NextInt32(count));
        }
    }

    public static string Of(string json, RandomStream random)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonMutation mutation = new(document.RootElement, random);
        mutation.Write(document.RootElement);
        return mutation._text.ToString();
    }

    private static int Count(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(member => Count(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Count),
        _ => 0,
    };

    private void Write(JsonElement element)
    {
        bool change = _changed.Contains(_next++);
        if (change && (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || _random.NextInt32(4) == 0))
        {
            WriteOther(element);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            WriteList('{', '}', change, element.EnumerateObject(), WriteMember);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            WriteList('[', ']', change, element.EnumerateArray(), Write);
        }
        else
        {
            _text.Append(element.GetRawText());
        }
    }

    private void WriteMember(JsonProperty member)
    {
        _text.Append(JsonSerializer.Serialize(member.Name)).Append(':');
        Write(member.Value);
    }

    /// <summary>All items; with a change one of them is left out, doubled, or made another's twin.</summary>
    private void WriteList<T>(char open, char close, bool change, IEnumerable<T> source, Action<T> write)
    {
        List<T> items = [.. source];
        if (change && items.Count > 0)
        {
            int at = _random.NextInt32(items.Count);
            T other = items[_random.NextInt32(items.Count)];
            switch (_random.NextInt32(3))
            {
                case 0: items.RemoveAt(at); break;
                case 1: items.Insert(at, other); break;
                default: items[at] = other; break;
            }
        }

        _text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            _text.Append(i > 0 ? "," : "");
            write(items[i]);
        }

        _text.Append(close);
    }

    private void WriteOther(JsonElement element)
    {
        string text = _random.NextInt32(40) == 0 ? Deep()
            : element.ValueKind == JsonValueKind.Number || _random.NextInt32(4) == 0 ? Pick(Numbers)
            : element.ValueKind == JsonValueKind.String && _random.NextInt32(2) == 0
                ? JsonSerializer.Serialize(element.GetString() + _random.NextInt32(10).ToString(CultureInfo.InvariantCulture))
            : Pick(Others);
        _text.Append(text);
    }

    private string Pick(string[] texts) => texts[_random.NextInt32(texts.Length)];

    private string Deep()
    {
        int depth = 1 + _random.NextInt32(2000);
        return _random.NextInt32(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"layer\":", depth)) + "1" + new string('}', depth);
    }
}
