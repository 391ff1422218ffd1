using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Training;

namespace CnnTools.Bench;

/// <summary>The training steps of another case in bfloat16 against the same in float32; PyTorch has no part in it.</summary>
internal sealed record PrecisionCase(string Name, string Description, TrainingStepCase Steps) : BenchCase(Name, Description)
{
    public override string Unit => Steps.Unit;

    public override string ValueName => Steps.ValueName;

    public override string BaselineName => "Float32";

    public override string OursName => "BFloat16";

    public override (Dataset Dataset, ImageSet Images) LoadData(BenchData data) => Steps.LoadData(data);

    public override ISide CreateBaseline(string interpreter, IBackend backend, Dataset dataset, ImageSet images) =>
        Steps.CreateOurs(backend, dataset);

    public override ISide CreateOurs(IBackend backend, Dataset dataset)
    {
        TrainingOptions options = Steps.Options with { Precision = Precision.BFloat16 };
        return (Steps with { Options = options }).CreateOurs(backend, dataset);
    }
}
