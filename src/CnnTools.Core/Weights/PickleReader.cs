using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace CnnTools.Weights;

/// <summary>What a pickle may ask for; nothing else is ever made or called.</summary>
internal interface IPickleObjects
{
    /// <summary>The object under a dotted name (collections.OrderedDict); a <see cref="PickleFunction"/> can be called.</summary>
    /// <exception cref="CnnException">It is not allowed.</exception>
    object Find(string name);

    /// <summary>The object that lies outside of the pickle under this id.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    object Load(object? id);
}

/// <summary>What stands for a Python callable.</summary>
/// <exception cref="InvalidDataException">It does not take these arguments.</exception>
internal delegate object? PickleFunction(object?[] arguments);

/// <summary>A dict: its items in the order in which they were set, a key possibly twice.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];

    /// <summary>The value that was set last; null where there is none.</summary>
    public object? Find(string key) => Items.FindLast(item => item.Key is string name && name == key).Value;
}

/// <summary>
/// Reads Python's pickles of protocols 2 to 5 as far as they hold data: None, booleans, numbers, text, bytes, tuples
/// (as arrays), lists and sets (as lists), dicts; the rest comes from <paramref name="objects"/>. A pickle is a program
/// for a stack machine; this one has no operation that could run anything else.
/// </summary>
/// <remarks>The operations are described in Python's pickletools.</remarks>
internal sealed class PickleReader(ReadOnlyMemory<byte> data, IPickleObjects objects)
{
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>Where the next pickle would begin.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one pickle; several may follow each other.</summary>
    /// <exception cref="InvalidDataException">It is not valid; the message tells where.</exception>
    /// <exception cref="CnnException">It asks for something that is not allowed.</exception>
    public object? Read()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        int operation;
        do
        {
            int start = Position;
            operation = Take(1)[0];
            try
            {
                Run(operation);
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"its pickle at byte {start}: {exception.Message}", exception);
            }
        }
        while (operation != '.');
        return Pop();
    }

    private void Run(int operation)
    {
        switch (operation)
        {
            case '.':
                break;
            case 0x80: // PROTO
                Require(Take(1)[0] is >= 2 and <= 5, "it is of an unknown protocol");
                break;
            case 0x95: // FRAME
                Take(8);
                break;

            case 'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 'K': Push((long)Take(1)[0]); break;
            case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8A: PushInteger(Take(Take(1)[0])); break;
            case 0x8B: PushInteger(Take(Length4())); break;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 'X': Push(Encoding.UTF8.GetString(Take(Length4()))); break;
            case 0x8C: Push(Encoding.UTF8.GetString(Take(Take(1)[0]))); break;
            case 0x8D: Push(Encoding.UTF8.GetString(Take(Length8()))); break;
            case 'U': Push(Encoding.UTF8.GetString(Take(Take(1)[0]))); break; // Python 2's text
            case 'C': Push(Take(Take(1)[0]).ToArray()); break;
            case 'B': Push(Take(Length4()).ToArray()); break;
            case 0x8E or 0x96: Push(Take(Length8()).ToArray()); break;

            case ')': Push(Array.Empty<object?>()); break;
            case 0x85: PushTuple(1); break;
            case 0x86: PushTuple(2); break;
            case 0x87: PushTuple(3); break;
            case '(': _marks.Push(_stack.Count); break;
            case 't': Push(PopToMark()); break;
            case ']' or 0x8F: Push(new List<object?>()); break;
            case 'a':
                object? item = Pop();
                Top<List<object?>>("list").Add(item);
                break;
            case 'e' or 0x90:
                object?[] items = PopToMark();
                Top<List<object?>>("list").AddRange(items);
                break;
            case 0x91: Push(PopToMark().ToList()); break;
            case '}': Push(new PickleDictionary()); break;
            case 's':
                PushTuple(2);
                SetItems(Pop<object?[]>("pair"));
                break;
            case 'u': SetItems(PopToMark()); break;

            case 'q': _memo[Take(1)[0]] = Peek(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case 0x94: _memo[(uint)_memo.Count] = Peek(); break;
            case 'h': PushMemo(Take(1)[0]); break;
            case 'j': PushMemo(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;

            case 'c': Push(objects.Find($"{Line()}.{Line()}")); break;
            case 0x93: // STACK_GLOBAL
                string name = Pop<string>("name");
                Push(objects.Find($"{Pop<string>("module's name")}.{name}"));
                break;
            case 'R' or 0x81: // REDUCE, NEWOBJ
                object?[] arguments = Pop<object?[]>("tuple of arguments");
                Push(Pop<PickleFunction>("callable")(arguments));
                break;
            case 'Q': Push(objects.Load(Pop())); break;
            case 'b': // BUILD: attributes, which nothing here has; a state dict's tell the versions of its modules.
                Pop();
                Top<PickleDictionary>("dict");
                break;
            default:
                throw new InvalidDataException($"the operation 0x{operation:X2} is none that a file of tensors needs");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        Require(count <= data.Length - Position, "it ends in the middle of its pickle");
        Position += count;
        return data.Span.Slice(Position - count, count);
    }

    private int Length4() => Length(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));

    private int Length8() => Length(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));

    private int Length(ulong length) =>
        length <= (ulong)(data.Length - Position) ? (int)length : throw new InvalidDataException("it holds less than it says");

    /// <summary>Little-endian, in two's complement; what is longer than a long stays a BigInteger.</summary>
    private void PushInteger(ReadOnlySpan<byte> bytes)
    {
        Require(bytes.Length <= 64, "it has a number beyond all measure");
        BigInteger value = new(bytes);
        Push(bytes.Length <= sizeof(long) ? (long)value : (object)value);
    }

    private string Line()
    {
        int length = data.Span[Position..].IndexOf((byte)'\n');
        Require(length >= 0, "a name has no end");
        string line = Encoding.UTF8.GetString(Take(length));
        Take(1);
        return line;
    }

    private void Push(object? value) => _stack.Add(value);

    /// <summary>The topmost value; what lies below the last mark is out of reach.</summary>
    private object? Peek()
    {
        Require(_stack.Count > (_marks.TryPeek(out int mark) ? mark : 0), "there is nothing on its stack");
        return _stack[^1];
    }

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>(string what) => Pop() is T value ? value : throw new InvalidDataException($"there is no {what} where one must be");

    private T Top<T>(string what) => Peek() is T value ? value : throw new InvalidDataException($"there is no {what} where one must be");

    private object?[] PopToMark()
    {
        Require(_marks.TryPop(out int mark), "there is no mark on its stack");
        object?[] values = [.. _stack[mark..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private void PushTuple(int length)
    {
        object?[] values = new object?[length];
        for (int i = length - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }

        Push(values);
    }

    private void PushMemo(uint key)
    {
        Require(_memo.TryGetValue(key, out object? value), "it asks for something that it did not keep");
        Push(value);
    }

    /// <param name="items">Keys and values in turn.</param>
    private void SetItems(object?[] items)
    {
        Require(items.Length % 2 == 0, "a key has no value");
        PickleDictionary dictionary = Top<PickleDictionary>("dict");
        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add((items[i], items[i + 1]));
        }
    }

    private static void Require(bool holds, string reason)
    {
        if (!holds)
        {
            throw new InvalidDataException(reason);
        }
    }
}
