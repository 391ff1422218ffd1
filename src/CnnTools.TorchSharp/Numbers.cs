using TorchSharp;

namespace CnnTools.TorchSharp;

/// <summary>The scalars of one operation: TorchSharp keeps each in native memory, which is freed here and not by a finalizer.</summary>
internal sealed class Numbers : IDisposable
{
    private readonly List<Scalar> _scalars = [];

    internal Scalar this[double value] => Add(value.ToScalar());

    internal Scalar this[long value] => Add(value.ToScalar());

    public void Dispose()
    {
        foreach (Scalar scalar in _scalars)
        {
            scalar.Dispose();
        }
    }

    private Scalar Add(Scalar scalar)
    {
        _scalars.Add(scalar);
        return scalar;
    }
}
