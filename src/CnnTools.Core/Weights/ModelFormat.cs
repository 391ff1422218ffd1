namespace CnnTools.Weights;

/// <summary>What a model can be written as.</summary>
public enum ModelFormat
{
    /// <summary>The whole model: weights, network, normalisation.</summary>
    Safetensors,

    /// <summary>A state dict for torch.load: the weights alone.</summary>
    PyTorch,

    /// <summary>The network with its weights, for ONNX Runtime and its kin, as it is in evaluation.</summary>
    Onnx,

    /// <summary>The network alone, without weights.</summary>
    Json,
}
