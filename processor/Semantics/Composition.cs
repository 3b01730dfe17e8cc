using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// A letter and the mark after it as one character, for Latin, modern Greek, Cyrillic, kana and Hangul. The same name typed
/// on two systems comes in both spellings (NFC and NFD). string.Normalize does nothing here: it needs ICU, and the program
/// runs with invariant globalization. Other scripts, and several marks out of their canonical order, stay as they came.
/// Source: Unicode Standard Annex 15, canonical composition; chapter 3.12 for Hangul.
/// </summary>
internal static class Composition
{
    private const int FirstMark = 0x0300;
    private const int LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7, SyllableBase = 0xAC00;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    // A mark, then letters each followed by what it is with the mark.
    private static readonly (char Mark, string Pairs)[] Table =
    [
        ('\u0300', "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"), // grave accent
        ('\u0301', "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰοόυύ"), // acute accent
        ('\u0301', "ωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ"), // acute accent
        ('\u0302', "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"), // circumflex accent
        ('\u0303', "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"), // tilde
        ('\u0304', "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝ"), // macron
        ('\u0306', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặ"), // breve
        ('\u0307', "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏſẛ"), // dot above
        ('\u0308', "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺūṻWẄ"), // diaeresis
        ('\u0308', "wẅXẌxẍtẗ"), // diaeresis
        ('\u0309', "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"), // hook above
        ('\u030A', "AÅaåUŮuůwẘyẙ"), // ring above
        ('\u030B', "OŐoőUŰuűУӲуӳ"), // double acute accent
        ('\u030C', "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"), // caron
        ('\u030F', "AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"), // double grave accent
        ('\u0311', "AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"), // inverted breve
        ('\u031B', "OƠoơUƯuư"), // horn
        ('\u0323', "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"), // dot below
        ('\u0324', "UṲuṳ"), // diaeresis below
        ('\u0325', "AḀaḁ"), // ring below
        ('\u0326', "SȘsșTȚtț"), // comma below
        ('\u0327', "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"), // cedilla
        ('\u0328', "AĄaąEĘeęIĮiįUŲuųOǪoǫ"), // ogonek
        ('\u032D', "DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"), // circumflex accent below
        ('\u032E', "HḪhḫ"), // breve below
        ('\u0330', "EḚeḛIḬiḭUṴuṵ"), // tilde below
        ('\u0331', "BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"), // macron below
        ('\u3099', "かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ"), // voiced sound mark
        ('\u309A', "はぱひぴふぷへぺほぽハパヒピフプヘペホポ"), // semi-voiced sound mark
    ];

    private static readonly Dictionary<(int Letter, int Mark), Rune> Composed = Load();

    public static bool TryCompose(Rune letter, Rune mark, out Rune composed)
    {
        composed = default;
        return mark.Value >= FirstMark && (Composed.TryGetValue((letter.Value, mark.Value), out composed) || TryComposeHangul(letter.Value, mark.Value, out composed));
    }

    private static bool TryComposeHangul(int first, int second, out Rune syllable)
    {
        int lead = first - LeadBase, vowel = second - VowelBase, open = first - SyllableBase, tail = second - TailBase;
        bool isOpen = lead is >= 0 and < Leads && vowel is >= 0 and < Vowels;
        bool isClosed = open is >= 0 and < Leads * Vowels * Tails && open % Tails == 0 && tail is > 0 and < Tails;
        syllable = isOpen ? new Rune(SyllableBase + (((lead * Vowels) + vowel) * Tails)) : isClosed ? new Rune(first + tail) : default;
        return isOpen || isClosed;
    }

    private static Dictionary<(int Letter, int Mark), Rune> Load()
    {
        var composed = new Dictionary<(int Letter, int Mark), Rune>();
        foreach ((char mark, string pairs) in Table)
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                composed.Add((pairs[i], mark), new Rune(pairs[i + 1]));
            }
        }

        return composed;
    }
}
