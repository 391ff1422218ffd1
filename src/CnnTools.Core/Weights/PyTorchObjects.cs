namespace CnnTools.Weights;

/// <summary>Where a tensor's values lie; several tensors may share one.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">The number of values.</param>
internal sealed record PyTorchStorage(string Key, SafetensorsType Type, long Count);

/// <summary>A view of a storage, which it is known to lie within.</summary>
/// <param name="Offset">The first value's place in the storage.</param>
/// <param name="Strides">How far apart in the storage neighbours along each dimension are.</param>
/// <param name="Count">The number of values; more than the storage has where strides of 0 repeat them.</param>
/// <param name="Reach">How many values of the storage, from the offset on, the tensor spans.</param>
internal sealed record PyTorchTensor(
    PyTorchStorage Storage, long Offset, long[] Shape, long[] Strides, long Count, long Reach);

/// <summary>
/// What the pickle in a file of torch.save may ask for: OrderedDict, the functions that rebuild tensors, and types of
/// storages. A tensor that is rebuilt is checked, and takes no memory for its values.
/// </summary>
/// <remarks>The functions and their arguments are those of torch/_utils.py, from PyTorch 0.4 to 2.x.</remarks>
internal sealed class PyTorchObjects(string path) : IPickleObjects
{
    // No layer's weights have more than five, and a hostile file would have memory taken for them.
    private const int MostDimensions = 8;

    private static readonly Dictionary<string, object> Allowed = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = new PickleFunction(arguments => arguments.Length == 0
            ? new PickleDictionary()
            : throw new InvalidDataException("an OrderedDict is made from arguments")),
        ["torch.Size"] = new PickleFunction(arguments => arguments is [object?[] sizes]
            ? sizes
            : throw new InvalidDataException("a torch.Size is made from no tuple")),
        ["torch._utils._rebuild_tensor"] = new PickleFunction(Rebuild),
        ["torch._utils._rebuild_tensor_v2"] = new PickleFunction(Rebuild),
        ["torch._utils._rebuild_tensor_v3"] = new PickleFunction(RebuildTyped),
        ["torch._utils._rebuild_parameter"] = new PickleFunction(RebuildParameter),
        ["torch._utils._rebuild_parameter_with_state"] = new PickleFunction(RebuildParameter),
        ["torch.FloatStorage"] = SafetensorsType.F32,
        ["torch.HalfStorage"] = SafetensorsType.F16,
        ["torch.BFloat16Storage"] = SafetensorsType.BF16,
        ["torch.DoubleStorage"] = SafetensorsType.F64,
        ["torch.LongStorage"] = SafetensorsType.I64,
        ["torch.IntStorage"] = SafetensorsType.I32,
        ["torch.ShortStorage"] = SafetensorsType.I16,
        ["torch.CharStorage"] = SafetensorsType.I8,
        ["torch.ByteStorage"] = SafetensorsType.U8,
        ["torch.BoolStorage"] = SafetensorsType.BOOL,
        ["torch.ComplexFloatStorage"] = SafetensorsType.C64,
        ["torch.storage.UntypedStorage"] = SafetensorsType.U8,
        ["torch.UntypedStorage"] = SafetensorsType.U8,
        ["torch.float32"] = SafetensorsType.F32,
        ["torch.float16"] = SafetensorsType.F16,
        ["torch.bfloat16"] = SafetensorsType.BF16,
        ["torch.float64"] = SafetensorsType.F64,
        ["torch.int64"] = SafetensorsType.I64,
        ["torch.int32"] = SafetensorsType.I32,
        ["torch.int16"] = SafetensorsType.I16,
        ["torch.int8"] = SafetensorsType.I8,
        ["torch.uint64"] = SafetensorsType.U64,
        ["torch.uint32"] = SafetensorsType.U32,
        ["torch.uint16"] = SafetensorsType.U16,
        ["torch.uint8"] = SafetensorsType.U8,
        ["torch.bool"] = SafetensorsType.BOOL,
        ["torch.float8_e5m2"] = SafetensorsType.F8E5M2,
        ["torch.float8_e4m3fn"] = SafetensorsType.F8E4M3,
    };

    private readonly Dictionary<string, PyTorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>The storages that the pickle has named, by their keys.</summary>
    public IReadOnlyDictionary<string, PyTorchStorage> Storages => _storages;

    public object Find(string name) => Allowed.GetValueOrDefault(name) ?? throw Errors.PickleRefused(path, Text.Short(name));

    /// <summary>A storage: ("storage", type, key, device, count) and, in old files, the view that it is of another.</summary>
    public object Load(object? id)
    {
        if (id is not object?[] parts
            || parts is not ["storage", SafetensorsType type, string key, string, long and >= 0 and var count, .. var view]
            || view is not ([] or [null]))
        {
            throw new InvalidDataException("it refers to something that is no storage");
        }

        PyTorchStorage storage = new(key, type, count);
        return _storages.TryAdd(key, storage) || _storages[key] == storage
            ? storage
            : throw new InvalidDataException($"the storage '{Text.Short(key)}' has two types or sizes");
    }

    private static PyTorchTensor Rebuild(object?[] arguments) =>
        arguments is [PyTorchStorage storage, long offset, object?[] sizes, object?[] strides, ..]
            ? View(storage, offset, Numbers(sizes), Numbers(strides))
            : throw new InvalidDataException("a tensor is rebuilt from something else");

    /// <summary>Its storage is of bytes, and its type is told apart.</summary>
    private static PyTorchTensor RebuildTyped(object?[] arguments) =>
        arguments is [PyTorchStorage { Type: SafetensorsType.U8 } bytes, long offset, object?[] sizes, object?[] strides,
            _, _, SafetensorsType type, ..]
            ? View(bytes with { Type = type, Count = bytes.Count / type.Size() }, offset, Numbers(sizes), Numbers(strides))
            : throw new InvalidDataException("a tensor is rebuilt from something else");

    private static PyTorchTensor RebuildParameter(object?[] arguments) =>
        arguments is [PyTorchTensor tensor, ..] ? tensor : throw new InvalidDataException("a parameter is rebuilt from no tensor");

    private static long[] Numbers(object?[] values) => values.Length <= MostDimensions
        ? [.. values.Select(value => value is long number and >= 0
            ? number
            : throw new InvalidDataException("a size or stride is no whole number from 0"))]
        : throw new InvalidDataException($"a tensor has {values.Length} dimensions");

    private static PyTorchTensor View(PyTorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || SafetensorsTypes.Count(shape) is not { } count)
        {
            throw new InvalidDataException("a tensor has a shape beyond any size");
        }

        Int128 reach = count == 0
            ? 0
            : shape.Zip(strides).Aggregate(Int128.One, (sum, d) => sum + ((d.First - 1) * (Int128)d.Second));
        return offset + reach > storage.Count
            ? throw new InvalidDataException($"a tensor goes beyond the {storage.Count} values of its storage")
            : new PyTorchTensor(storage, offset, shape, strides, count, (long)reach);
    }
}
