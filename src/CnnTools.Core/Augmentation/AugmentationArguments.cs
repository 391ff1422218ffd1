using CnnTools.Backends;

namespace CnnTools.Augmentation;

/// <summary>
/// The words behind an augmentation's name: numbers and words in its parameters' order, or with a parameter's name, as p=0.5.
/// </summary>
internal sealed class AugmentationArguments
{
    private readonly AugmentationInfo _info;
    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="CnnException">There are too many, or one is unknown, given twice or not understood.</exception>
    public AugmentationArguments(AugmentationInfo info, ReadOnlySpan<string> words)
    {
        _info = info;
        for (int i = 0; i < words.Length; i++)
        {
            int equals = words[i].IndexOf('=', StringComparison.Ordinal);
            string name = equals >= 0 ? words[i][..equals]
                : i < info.Parameters.Length ? info.Parameters[i].Name
                : throw Errors.BadAugmentation(info, $"'{words[i]}' is one too many");
            AugmentationParameter parameter = info.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw Errors.BadAugmentation(info, $"it has nothing called '{name}'");
            string value = words[i][(equals + 1)..];
            bool fits = parameter.Words.Length > 0
                ? parameter.Words.Contains(value, StringComparer.OrdinalIgnoreCase)
                : parameter.TryRead(value) is not null;
            if (!fits)
            {
                throw Errors.BadAugmentation(info, $"its {parameter.Name} cannot be '{value}': it must be {parameter.Expected}");
            }

            if (!_given.TryAdd(parameter.Name, value))
            {
                throw Errors.BadAugmentation(info, $"its {parameter.Name} is given twice");
            }
        }

        if (info.Parameters.FirstOrDefault(p => p.Default is null && !_given.ContainsKey(p.Name)) is { } missing)
        {
            throw Errors.BadAugmentation(info, $"its {missing.Name} is missing: {missing.Expected}");
        }
    }

    public NumberRange Range(string name)
    {
        AugmentationParameter parameter = _info.Parameters.Single(p => p.Name == name);
        return parameter.TryRead(_given.GetValueOrDefault(name, parameter.Default!))!.Value;
    }

    public double Number(string name) => Range(name).Low;

    public int Whole(string name) => (int)Number(name);

    public byte Fill => (byte)Number("fill");

    public Interpolation Interpolation => Word<Interpolation>("mode");

    public T Word<T>(string name)
        where T : struct, Enum =>
        Enum.Parse<T>(_given.GetValueOrDefault(name, _info.Parameters.Single(p => p.Name == name).Default!), ignoreCase: true);
}
