namespace SpanMetrics.Semantics;

/// <summary>
/// The dimensions with a closed set of values, packed into one word: a label set compares and hashes them at once.
/// </summary>
internal static class ClosedValues
{
    private static readonly int[] Shifts = new int[DimensionText.All.Length];
    private static readonly int[] Masks = new int[DimensionText.All.Length]; // not shifted; 0 for a dimension that takes text

    static ClosedValues()
    {
        int shift = 0;
        foreach (Dimension dimension in DimensionText.All)
        {
            int values = DimensionText.ClosedValuesOf(dimension).Length;
            int bits = 0;
            while (values > 1 << bits)
            {
                bits++;
            }

            Shifts[(int)dimension] = shift;
            Masks[(int)dimension] = values == 0 ? 0 : (1 << bits) - 1;
            shift += values == 0 ? 0 : bits;
        }

        if (shift > 32)
        {
            throw new InvalidOperationException($"the closed dimensions need {shift} bits and a word has 32");
        }
    }

    /// <summary>The word's bits that belong to the dimension; 0 when it takes text from spans.</summary>
    public static int MaskOf(Dimension dimension) => Masks[(int)dimension] << Shifts[(int)dimension];

    /// <summary>The index of the dimension's value in its closed set.</summary>
    public static int ValueOf(int word, Dimension dimension) => (word >>> Shifts[(int)dimension]) & Masks[(int)dimension];

    public static int Place(Dimension dimension, int value) => value << Shifts[(int)dimension];

    public static int Replace(int word, Dimension dimension, int value) => (word & ~MaskOf(dimension)) | Place(dimension, value);
}
