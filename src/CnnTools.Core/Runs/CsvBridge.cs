namespace CnnTools.Runs;

/// <summary>Loads CnnTools.Csv, the one assembly that knows CsvHelper, with a CsvHelper of its own.</summary>
public static class CsvBridge
{
    private static readonly Lock Loading = new();
    private static ICsvCodec? _codec;

    /// <summary>The codec in the folder csv beside this assembly, loaded on first use.</summary>
    /// <exception cref="CnnException">One of its files is missing or cannot be loaded.</exception>
    public static ICsvCodec Codec
    {
        get
        {
            lock (Loading)
            {
                return _codec ??= Load("csv");
            }
        }
    }

    /// <summary>Loads a codec from a folder into a context of its own.</summary>
    /// <exception cref="CnnException">One of its files is missing or cannot be loaded.</exception>
    public static ICsvCodec Load(string folder) =>
        new PrivateAssembly(folder, "CnnTools.Csv", ["CsvHelper"], "CsvBridgeUnavailable")
            .Create<ICsvCodec>("CnnTools.Csv.CsvCodec");
}
