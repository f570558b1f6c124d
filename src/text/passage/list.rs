//! Lists of words that many sentences have in common, by language. Lists only; what they mean is in `weight`.

/// Words that hold sentences together: to share them says nothing.
pub(super) const FUNCTION: &str = "\
    a about above according after again against all almost along already also although always am an and another any \
    anybody anyone anything are arent around as at away back be became because become been before being below \
    between both but by came can cannot cant come comes could couldnt did didnt do does doesnt doing done \
    dont down during each either else even ever every everybody everyone everything few for from further get \
    gets getting give given go goes going gone got had hadnt has hasnt have havent having he her here hers \
    herself him himself his how however i if im in instead into is isnt it its itself ive just keep kept know \
    knows knew least less let lets like ll look made make makes many may maybe me might more most much must \
    my myself neither never no nobody none nor not nothing now of off often on once one ones only onto or \
    other others otherwise our ours out over own per perhaps put quite rather re really same say says said \
    see seem seems seen shall she should shouldnt since so some somebody someone something still such take \
    taken takes tell than that thats the their theirs them themselves then there theres these they theyre \
    thing things think this those though through till to together told too took toward two under until up \
    upon us use used ve very want wants was wasnt way we well went were werent what whatever when where \
    whether which while who whole whom whose why will with within without wont would wouldnt yes yet you your \
    yours youre d s t m o aber ab alle allem allen aller alles als ander andere anderen anderer anderes auch \
    auf aus bei beim bin bis bist da damit dann das dass dazu dein dem den denn der des deshalb dich die dies \
    diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach einmal \
    er erst es etwas euch euer für gar gegen geht gibt gerade ganz ganze ganzen genau genug hab habe haben \
    hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer indem ins ist ja jede \
    jedem jeden jeder jedes jemand jetzt kann kein keine keinem keinen keiner können könnte lassen machen \
    macht man mehr mein meine meinem meinen meiner mich mir mit muss müssen musste nach nicht nichts nie \
    niemand noch nun nur ob oder ohne schon sehr sei sein seine seinem seinen seiner seit selbst sich sie \
    sind soll sollen sollte sondern sonst tun über um und uns unser unsere unter viel viele vielen vom von \
    vor wann war waren warum weder weg weil weiter welche welcher wenn wer werde werden wie wieder wir wird \
    wirklich wissen wo wohl wollen worden wurde wurden würde zu zum zur zwar zwei zwischen statt bloß eben \
    mal wäre hätte heißt sagt sagen gesagt acaso ahora al algo alguien alguna algunas alguno algunos algún \
    allí ante antes aquel aquella aquí así aun aunque aún bien cada casi como con contra cual cuando cuanto \
    cuál cuándo dan de debe deben decir del desde después dice dicen dijo donde dos durante e el ella ellas \
    ellos en entonces entre era eran esa esas ese eso esos esta estaba estado estamos estar estas este esto \
    estos está están fue fueron gran ha haber había han hace hacen hacer hacia hasta hay hemos incluso ir la \
    las le les lo los luego más menos mi mientras mis misma mismo mucha muchas mucho muchos muy nada nadie ni \
    ningún ninguna nos nosotros nuestra nuestro nunca os otra otras otro otros para pero poco por porque pues \
    puede pueden qué que quien quién quienes se sea sean según ser si sí siempre sin sino sobre sola solo \
    sólo somos son su sus también tampoco tan tanto te tener tenemos tiene tienen toda todas todavía todo \
    todos tras tu tus un una unas uno unos usted va vamos van vez veces y ya yo nuestros sido haya au aux \
    avec ce ces cette dans elle est et eux il ils je leur lui ma mais même mes moi mon ne notre nous ou par \
    pas pour qu qui sa ses sur ta tes toi ton une vos votre vous été être ont était sont plus comme tout tous \
    fait faire cela ça très aussi sans peut où het een ik dat niet zijn op aan met voor maar om hem zou wat \
    mijn dit zo ze zich bij ook tot mij uit daar haar naar heb hoe heeft hebben deze nog zal zij nu \
    ge geen omdat iets toch veel doen toen moet ben zonder kan hun dus onder eens werd altijd wordt \
    wezen kunnen ons zelf tegen na reeds wil kon niets uw iemand geweest في فی من على علی عن الى إلى الي مع \
    هذا هذه ذلك تلك هو هي هم هن انا أنا نحن انت أنت كان كانت كانوا يكون تكون ليس ليست لا لم لن ما ماذا لماذا \
    كيف متى اين أين ان أن إن انه أنه إنه انها أنها لكن ولكن او أو ثم قد لقد كل بعض غير بعد قبل عند عندما حتى \
    منذ بين فوق تحت خلال الذي التي الذين الذى اي أي ايضا أيضا فقط هناك هنا كما مثل حين اذا إذا لو بل له لها \
    لهم لنا به بها بهم فيه فيها منه منها عليه عليها اليه إليه يا نعم كلا هل وهو وهي ومن وفي وما ولا ولم وكان \
    وعلى وان وأن لكي كي سوف أما اما إلا الا لأن لان لأنه احد أحد شيء جدا دون ولو فلا وقد كنت كنا يعني وإن مما \
    عليك عليكم لكم لك نفس نفسه اليوم الآن مرة در از که این آن را با است برای و تا یا نه هر چه چرا چی کی کجا \
    یک دو تو شما ایشان آنها آنان خود خودش بود بودند باشد باشند شد شده شدند شود می نمی کرد کرده کردند کند کنند \
    کنم کنیم کن دارد دارند دارم داریم داشت داشتند هست هستند هستم هستیم نیست نیستند بر بی پس پیش اگر مگر ولی \
    لیکن چون زیرا همه همین همان هیچ هیچکس دیگر نیز تنها بسیار خیلی هنوز حالا اکنون باید نباید شاید میشود \
    نمیشود میکند میکنند نمیکند میکنیم میکنم میگوید گفت گفته گفتند بین روی زیر بالا سر وقتی جا کس کسی چیز چیزی \
    ای های ها رو تان شان مان یعنی حتی بدون طور اینکه آنکه یکی چند چقدر کدام بعضی پیدا کار نکرد نشد ندارد \
    ندارند نداریم په د چې کې ته دا دې دی ده دي دغه هغه هغوی هغو موږ مونږ زه تاسو تاسې یې ئې مې سره لپاره پر \
    باندې لاندې پورې څخه خو بیا یو یوه دوه ټول ټولو هیڅ څه څوک ولې څنګه چیرته چېرته کله اوس نو ځکه وي وو وه \
    ول شي شو شوی شوې شوي کوي کړي کړ کړه کړل کړی کړې کول وکړي وکړ لري لرو لرم نشته شته نشي نه‌ شوای ډېر ډیر \
    ډېره لږ بله نور نورو ځان خپل خپله خپلو تر وروسته مخکې مخکی منځ ترڅو چا همدا همدغه همداسې داسې هلته دلته \
    وایي وویل ویل راځي ځي راغی یم یئ ورته راته پکې ترې وړ غواړي شم شئ کوم کومه и в во не что он на я с со как \
    а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из ему теперь \
    когда даже ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя \
    ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе \
    под будет ж тогда кто этот того потому этого какой совсем ним здесь этом один почти мой тем чтобы нее \
    сейчас были куда зачем всех никогда можно при наконец два об другой хоть после над больше тот через эти \
    нас про всего них какая много разве три эту моя \
";

/// Words of every day, that stand under any article: to share them says little.
pub(super) const EVERYDAY: &str = "\
    able across ahead ago among amount arrange belong concern contribute depend describe differ discuss except \
    exist express generally halfway include interest involve likely lots manage mean mention moment notice \
    obviously occasion option owe principle probably properly react region relate remain roughly seem sense set \
    several sit slightly somewhere stand stay stood suppose typical usual various wrote ran run runs became \
    actually afraid agree article ask asked bad believe best better big bit call called care case change \
    clear comment course day days different end enough exactly fact feel find first five four good great hand \
    happen happened hard hear help home hour hours hope idea kind last later left life line little live long \
    lot man matter mean means money moment month months morning need needs new news next nice night number \
    old once open paper part people person place please point problem question read reader readers real \
    reason right second show side simply small sorry sort start started stop story stupid sure thank thanks \
    three time times today tomorrow true truth try turn understand week weeks wonder word words work working \
    world wrong write written year years yesterday young artikel beispiel besser ende erste ersten fall frage \
    frau geld gut gute guten heute jahr jahre jahren klar kommt kommen lange leben leider letzte leute \
    letzten mann mensch menschen monat morgen neue neuen recht richtig sache schlecht schön seite stelle \
    stunde stunden tag tage tagen teil uhr wahrheit warten weiß welt woche wochen wort wörter zeit año años \
    artículo bueno buena casa caso claro cosa cosas culpa día días dinero gente gracias hora horas hoy mal \
    mañana mejor mes meses mundo noche nuevo parte persona problema pueblo razón tiempo trabajo vida verdad \
    señor señora hombre mujer semana سنة سنوات عام يوم ايام أيام الناس شخص رجل امرأة حق وقت زمن بلد مقال \
    المقال كلام تعليق قال قالت يقول يعرف نعرف الله شكرا بيت دولة سال روز مردم خانه کشور شهر آدم زن مرد مقاله \
    نظر حرف خوب بد درست غلط زندگی پول مشکل سوال جواب کال کلونه ورځ ورځې خلک خلکو وخت کور هېواد ښار ښه سړی ښځه \
    کار خبره خبرې لیکنه ژوند پیسې \
";
