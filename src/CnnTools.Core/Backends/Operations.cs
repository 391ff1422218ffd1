namespace CnnTools.Backends;

/// <summary>A vertical and a horizontal size, in that order.</summary>
public readonly record struct Pair(int Vertical, int Horizontal)
{
    public static implicit operator Pair(int size) => new(size, size);

    public bool IsAtLeast(int size) => Vertical >= size && Horizontal >= size;

    public override string ToString() => Vertical == Horizontal ? $"{Vertical}" : $"({Vertical}, {Horizontal})";
}

/// <summary>Rows and columns added on each side.</summary>
public readonly record struct Padding(int Top, int Bottom, int Left, int Right)
{
    public static implicit operator Padding(int size) => new(size, size, size, size);

    public bool IsNone => this == default;

    public override string ToString() =>
        Top == Bottom && Left == Right ? new Pair(Top, Left).ToString() : $"({Top}, {Bottom}, {Left}, {Right})";
}

public enum PaddingMode
{
    Zeros = 0,
    Constant = 1,
    Reflect = 2,
    Replicate = 3,
    Circular = 4,
}

public enum Activation
{
    ReLU = 0,
    Tanh = 1,
    Sigmoid = 2,
    ReLU6 = 3,
    SiLU = 4,
    HardSwish = 5,
    HardSigmoid = 6,
}

/// <summary>What an image is blended with.</summary>
public enum BlendPartner
{
    Black = 0,

    /// <summary>The mean of its grey values, everywhere.</summary>
    Mean = 1,

    /// <summary>Its grey values; an image of one channel stays as it is.</summary>
    Grey = 2,

    /// <summary>The image smoothed by a 3x3 kernel of ones with 5 in the middle, edges as they are.</summary>
    Blurred = 3,
}

/// <summary>Which pixels a place between pixels takes its value from.</summary>
public enum Interpolation
{
    Nearest = 0,
    Bilinear = 1,
}

/// <summary>A convolution's numbers; the padding is of zeros and the same on both sides.</summary>
public readonly record struct ConvolutionGeometry(Pair Stride, Pair Padding, Pair Dilation, int Groups)
{
    /// <summary>Whether any convolution has such numbers.</summary>
    public bool IsPossible => Stride.IsAtLeast(1) && Padding.IsAtLeast(0) && Dilation.IsAtLeast(1) && Groups >= 1;
}

/// <summary>A pooling window's numbers; the padding is the same on both sides.</summary>
/// <param name="CeilMode">Whether a last window that hangs over the edge counts.</param>
public readonly record struct PoolingGeometry(Pair Kernel, Pair Stride, Pair Padding, bool CeilMode = false);

public readonly record struct SgdStep(double LearningRate, double Momentum, bool Nesterov, double WeightDecay);

/// <param name="StepNumber">1 for the first step: what the bias correction counts.</param>
/// <param name="Decoupled">True: AdamW's weight decay; false: Adam's, added to the gradient.</param>
public readonly record struct AdamStep(
    double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool Decoupled, long StepNumber);

public readonly record struct RmsPropStep(
    double LearningRate, double Alpha, double Epsilon, double WeightDecay, double Momentum);
