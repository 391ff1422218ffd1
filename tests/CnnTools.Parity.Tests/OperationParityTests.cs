using CnnTools.Backends;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>Each operation of the backend gives PyTorch's values and gradients; PyTorch computes all cases in one process.</summary>
public sealed class OperationParityTests(OperationParityTests.Reference reference) : IClassFixture<OperationParityTests.Reference>
{
    public static TheoryData<string> Cases => [.. OperationCase.All.Select(c => c.Name)];

    [PyTorchTheory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_PyTorch(string name)
    {
        OperationCase operation = OperationCase.All.Single(c => c.Name == name);
        Dictionary<string, float[]> expected = reference.Results;
        IBackend backend = Parity.Backend;
        using IDisposable threads = ThreadCount.Use(backend, 1);
        using ITensorScope scope = backend.BeginScope(recordGradients: true);
        Dictionary<string, Tensor> inputs = operation.Inputs.ToDictionary(
            i => i.Key, i => backend.FromFloats(Values(operation, i.Key, i.Value), i.Value, Device.Cpu));
        foreach (Tensor input in inputs.Where(i => !OperationCase.IsWritten(i.Key)).Select(i => i.Value))
        {
            backend.RequireGradient(input, true);
        }

        Tensor output = operation.Apply(backend, inputs);
        AssertSame("output", output);
        if (output.Sizes.Count > 0)
        {
            Tensor rows = backend.Flatten(output);
            output = backend.CrossEntropy(rows, backend.FromIndices(OperationCase.LabelsFor(rows), Device.Cpu));
        }

        backend.Backward(output);
        foreach ((string input, Tensor tensor) in inputs)
        {
            if (OperationCase.IsWritten(input))
            {
                AssertSame($"after/{input}", tensor);
            }
            else
            {
                AssertSame($"gradient/{input}", backend.GetGradient(tensor)!);
            }
        }

        void AssertSame(string what, Tensor actual)
        {
            float[] values = new float[actual.Count];
            backend.Read(actual, values);
            Parity.AssertClose($"{name}: {what}", expected[$"{name}/{what}"], values, 1e-5);
        }
    }

    /// <summary>Normal values; a variance is positive. Doubled, so that activations see both sides of their bends.</summary>
    private static float[] Values(OperationCase operation, string input, long[] sizes)
    {
        RandomStream random = new(1, $"{operation.Name}/{input}");
        float[] values = new float[sizes.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 2 * (float)random.NextNormal();
            values[i] = input == "running_var" ? Math.Abs(values[i]) + 0.1f : values[i];
        }

        return values;
    }

    /// <summary>PyTorch's results, computed when the first test asks.</summary>
    public sealed class Reference
    {
        private readonly Lazy<Dictionary<string, float[]>> _results = new(Compute);

        public Dictionary<string, float[]> Results => _results.Value;

        private static Dictionary<string, float[]> Compute()
        {
            using PyTorchExchange exchange = new();
            exchange.WriteRequest(OperationCase.All.Select(c => new { c.Name, c.Operation, c.Arguments }));
            exchange.WriteData(
                from operation in OperationCase.All
                from input in operation.Inputs
                select SafetensorsTensor.FromFloats($"{operation.Name}/{input.Key}", input.Value,
                    () => Values(operation, input.Key, input.Value)));
            exchange.Run("operations.py");
            return exchange.ReadTensors("result.safetensors");
        }
    }
}
