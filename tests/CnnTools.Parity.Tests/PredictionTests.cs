using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Predictions;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>Predictions equal PyTorch's: the same pixels, normalised and run there.</summary>
public sealed class PredictionTests
{
    [PyTorchFact]
    public void Logits_and_probabilities_are_those_of_PyTorch()
    {
        const string Network = "SimpleCnn";
        const int Classes = 10;
        Normalization normalization = new([0.5f], [0.5f]);
        ImageSet images = ParityData.Digits(10, 33).Test;
        using CnnModel model = CnnModel.Create(
            Parity.Backend, Catalog.Get(Network), images.ImageShape, Classes, seed: 11, Device.Cpu);
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Network, normalization.Mean, normalization.Deviation });
        exchange.WriteData(
            SafetensorsTensor.FromBytes("images", SafetensorsType.U8, images.ImageShape.WithBatch(images.Count), images.Pixels));
        ModelFile.Write(model, exchange.PathOf("initial.safetensors"));
        exchange.Run("forward.py");
        float[] expected = exchange.ReadTensors("logits.safetensors")["logits"];

        SampleReader reader = new(model, normalization);
        Predictor predictor = new(model, Device.Cpu, batchSize: 10, threads: 1);
        Prediction[] predictions =
        [
            .. images.Pixels.Chunk((int)images.ImageShape.Count)
                .Select(pixels => reader.Read(new CnnImage(pixels, images.ImageShape), ""))
                .Chunk(10).SelectMany(predictor.Run)
                .Select(output => predictor.Interpret(output, top: 1, includeLogits: true)),
        ];

        Parity.AssertClose("logits", expected, [.. predictions.SelectMany(p => p.Logits)], 1e-5);
        foreach ((float[] row, Prediction prediction) in expected.Chunk(Classes).Zip(predictions))
        {
            int likeliest = row.IndexOf(row.Max());
            Assert.Equal(likeliest, prediction.ClassIndex);
            Assert.Equal(1 / row.Sum(logit => Math.Exp(logit - row[likeliest])), prediction.Probability, 1e-5);
        }
    }
}
