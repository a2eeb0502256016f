"""Words that people know how to spell: the speller takes none of them for a slip of another word.

Base forms, since a word counts as known by its stem; the shortest and the grammatical ones are in `english`.
"""

from __future__ import annotations

from typing import Final

from bot.core.matching.reading.english import stem

_BASE_FORMS: Final = """
ability able above absence absent absolute absolutely abuse accept acceptance access accident accidental accidentally
accommodate accompany accomplish according account accountant accurate accuse achieve across action activate active
activity actual actually addition additional address adequate adjust adjustment admin administration administrator
admit adopt adult advance advantage advert advertise advice advise affair affect afford afraid after against agency
agenda agent aggressive agree agreement ahead airline airport alarm album alert alive allow allowance almost alone
along alright alter alternative altogether always amaze amazon among amount analyse analysis analyze ancient android
anger angle angry animal announce announcement annoy annual anonymous answer anxious anymore anyway anywhere apart
apartment apologise apologize apology apparent apparently appeal appear appearance apple application apply appoint
appointment appreciate approach appropriate approval approve approximate approximately april archive area argue
argument army around arrange arrangement arrest arrival arrive article artist ashamed aside asleep aspect assess
assign assignment assist assistance assistant associate association assume assure atmosphere attach attachment attack
attempt attend attention attitude attract attractive audience audio audit august aunt authenticate authentication
authenticator author authorise authority authorize autocorrect automatic automatically autumn available average avoid
await awake award aware away awful awkward baby back background backup backwards badge badly balance ball band bank
barely base basic basically basis basket bath bathroom battery battle beach bear beat beautiful beauty became become
bedroom beer before begin begun behave behavior behaviour behind belief believe bell belong below belt bench bend
beneath benefit beside best better beyond bigger biggest bike bill bind bird birth birthday bitcoin bite black blame
blank bless blind block blog blood blow blue bluetooth board boat body boil bold bomb bond bone bonus book bookmark
boot border bored born borrow boss bother bottle bottom bought bounce bound bowl brain branch brand brave bread break
breakfast breath bridge brief briefly bright brilliant bring broad broadcast broke broken brother brought brown browse
browser brush budget build built bunch bundle burn burst bury business busy butter button buyer cable cached cafe cake
calculate calendar call caller calm came camera camp campaign cancel cancellation cancer candidate cannot capable
capacity capital captain captcha capture card care career careful carefully careless cargo carry cart case cash cast
castle catch category cause cease ceiling celebrate cell center central centre century ceremony certain certainly
certificate chain chair challenge chance change channel chapter character charge charger charity chart chase chat
cheap cheaper check checklist checkout cheese chef chemical chest chicken chief child children chip chocolate choice
choose chose chosen chrome church circle circumstance cite citizen city civil claim class classic clean clear clearly
clerk clever click client climate climb clinic clipboard clock close closely closer cloth cloud club clue coach coast
coat code coffee coin cold collapse collar colleague collect collection college color colour column combination
combine come comfort comfortable command comment commercial commission commit committee common communicate
communication community company compare comparison compatible compete competition competitive complain complaint
complete completely complex complicated component compose computer concentrate concept concern concert conclude
conclusion condition conduct conference confidence confident confidential config configuration configure confirm
confirmation conflict confuse connect connection connector conscious consent consequence consider considerable consist
constant constantly construct construction consult consumer contact contain container content contest context continue
contract contrary contrast contribute contribution control convenient conversation convert convince cook cookie cool
cooperate cope copy core corner correct correctly correspond cost cottage cotton cough council count counter country
county couple coupon courage course court cousin cover crack craft crash crazy cream create creation creative creature
credential credit crew crime criminal crisis critical criticism criticize cross crowd crucial cruel cultural culture
curious currency current cursor curve custom customer cycle daily damage damn dance danger dangerous dare dark
dashboard data database date daughter deactivate dead deadline deaf deal dealer dear death debate debit debt decade
december decent decide decision declare decline decrease deduct deductible deep deeply default defeat defence defend
define definite definitely definition degree delay delete deliberate delicate delicious delight deliver delivery
demand demonstrate dentist deny depart department departure depend dependent deposit depress depth describe
description desert deserve design desire desk desktop despite destroy detail detect determine develop developer
development device devote dial dialogue diary diet differ difference different differently difficult difficulty
digital dinner direct direction directly director directory dirt dirty disable disagree disappear disappoint disaster
disconnect discontinue discount discover discuss discussion disease dish disk dislike dismiss display dispute distance
distant distinct distribute district disturb divide division divorce docking doctor document dollar domain domestic
dongle door double doubt download downstairs dozen draft drag draw drawer dream dress drink drive driver drop drug
drunk dumb duplicate during dust duty dying eager earbuds earlier early earn earth ease easier easily east eastern
easy economic economy edge edit edition editor educate education effect effective efficient effort eight elder elect
election electric electricity electronic element elevator else elsewhere email embarrass emerge emergency emotion
emotional employ employee employer employment empty enable encounter encourage encrypt encryption enemy energy engage
engine engineer enjoy enormous enough ensure enter entire entirely entrance entry envelope environment equal equally
equipment error escape especially essay essential essentially establish estate estimate ethernet event eventually ever
everybody everyone everywhere evidence exact exactly exam examine example exceed excel excellent except exception
exchange excite exclude excuse execute executive exercise exhibit exist existence exit expand expect expectation
expense expensive experience experiment expert expiration expire expiry explain explanation explode explore export
expose express expression extend extension extensive extent external extra extraordinary extreme extremely face
facebook facility fact factor factory fail failure fair fairly faith fall fallen false fame familiar family famous
fancy farm farmer fashion fast faster father fault favor favorite favour favourite fear feature february feed feedback
feel feet fell fellow felt female fence festival fetch field fifteen fifth fifty fight figure file fill film filter
final finally finance financial find fine finger finish fire firefox firewall firm firmware first fish five flag flat
flavour flew flexible flight float flood floor flour flow flower focus fold folder folk follow font food foot football
forbid force foreign forest forever forget forgive forgot forgotten form formal format former formula forth fortunate
forty forum forward found four fourth frame fraud free freedom freeze frequent frequently fresh friday fridge friend
friendly frighten front frozen fruit frustrated fuel full fully function fund fundamental funeral funny furniture
further future gain gallery game garage garden gate gather gave general generally generate generation generous gentle
gentleman genuine giant gift girl give given glad glance glass global glove gmail goal goes going gold gone good
goodbye google govern government grab grade gradual graduate grain grand grandfather grandmother grant graph grass
grateful grave gray great greatly green greet grew grey grind ground group grow grown growth guarantee guard guess
guest guide guideline guilty guitar habit hack hacker hair half hall hand handle handy hang happen happy hard hardcopy
hardly hardware harm hate head headache headline headphones headset health healthy hear heard heart heat heater heavy
height held hell helpful helpless hence hero herself hesitate hidden hide high higher highest highlight highly hill
himself hire history hobby hold hole holiday home homework honest honestly honour hook hope hopefully horrible horse
hospital host hotel hotspot hour house household however huge human humor humour hundred hungry hunt hurry hurt
husband hyperlink icon idea ideal identify identity ignore illegal illness illustrate image imagine immediate
immediately impact implement import importance important impossible impress impression improve improvement inbox
incident include income incorrect increase increasingly incredible indeed independent index indicate individual
industry inform information initial initially injure injury inner innocent input inquire inquiry insert inside insist
inspect instagram install installation installer instance instant instantly instead instruct instruction instrument
insurance insure intelligent intend intention interest interface internal international internet interpret interrupt
interview intranet introduce introduction invent invest investigate investigation investment invitation invite invoice
involve ipad iphone iron island issue item jacket jail jammed january join joint joke journal journey judge judgement
juice july jump june junior justice justify keen keep kept keyboard kick kill kind king kitchen knee knew knife knock
knowledge known label laboratory lack lady lagging lake land landline landlord language laptop large largely larger
last late later latest latter laugh launch laundry lawyer layer layout lazy lead leader leak lean learn least leather
leave lecture left legal lend length less lesson letter level liberty library licence license life lift light likely
limit line link linkedin linux liquid list listen literally literature little live load loan local locate location
lock locker login logo logout lonely long longer look loose lose loss lost loud love lovely lower luck lucky luggage
lunch macbook machine made magazine magic mail mailbox main mainly maintain maintenance major majority make male
malware manage management manager manner manual manually manufacture march margin mark market marriage marry mask mass
master match mate material mathematics matter maximum maybe mayor meal mean meant meanwhile measure meat media medical
medicine medium meet meetings member membership memory mental mention menu mere merely merge mess message metal method
microphone microsoft middle midnight migrate migration mild mile military milk million mind mini minimum minister
minor minority minute mirror miss mistake mistaken mistyped mixture mobile mode model modem modern modify moment
monday money monitor month monthly mood moon moral moreover mortgage mostly mother motor mount mountain mouse mouth
move movement movie multiple muscle museum music mute mystery nail name narrow nasty nation national native natural
naturally nature near nearby nearly neat necessarily necessary neck negative neighbor neighbour nerve nervous network
nevertheless newer newest news newsletter newspaper next nice night nine nobody noise none nonsense normal normally
north nose note notebook notice notification notify novel november nowhere nuclear number numerous nurse obey object
objection objective obligation observe obtain obvious obviously occasion occasional occasionally occupy occur ocean
october offer office officer official often older omit onboarding once onedrive online open operate operation operator
opinion opportunity oppose opposite option optional orange order ordinary organisation organise organization organize
origin original originally otherwise ourselves outcome outdoor outlook output outside outstanding oven overall
overcharged overcome overdue overnight overseas owner pace pack package packet page paid pain paint pair pale panel
panic paper parcel parent park part partial participate particular particularly partly partner partnership party pass
passcode passenger passphrase passport password past patch path patience patient pattern pause payment paypal payroll
payslip peace peak penalty pencil pension people percent perfect perfectly perform performance perhaps period
permanent permanently permission permit person personal personally phase phishing phone photo photograph phrase
physical piano pick picture piece pile pilot pink pipe pitch pixel place plain plan planet plant plastic plate
platform play player pleasant pleasure plenty plug plugin plus pocket podcast poem poet point poison pole police
policy polite political politics poll pool poor popular population popup port portal position positive possess
possession possibility possible possibly post postage postal postcode poster postpone potato potential potentially
pound pour power powerful powerpoint practical practically practice prayer precise predict prefer preference pregnant
prepaid preparation prepare prepay presence present presentation president press pressure pretend pretty prevent
previous previously price pride primary prime prince princess principal principle print printer prior priority prison
privacy private prize probably problem procedure proceed process produce producer product production profession
professional professor profile profit program programme progress project projector promise promote promotion prompt
proof proper properly property proportion proposal propose protect protection protest proud prove provide provider
provision proxy public publication publish pull punch punish purchase pure purpose push qualify quality quantity
quarter queen query question queue quick quickly quiet quietly quit quota quote race radio rail rain raise random
range rank ransomware rapid rare rarely rate rather reach react reaction reactivate read reader ready real realise
reality realize rear reason reasonable reauthenticate reboot recall receipt receive recent reception recipe recipient
recognise recognize recommend reconnect record recover recovery redeem reduce reduction refer reference reflect
refresh refund refuse regard region register registration regret regular regularly regulation reimburse reimbursement
reinstall reject relate relation relationship relative relatively relax release relevant relief religion relocate rely
remain remainder remark remember remind reminder remittance remote remotely remove renew renewal rent rental reopen
repair repeat replace replacement reply report represent representative reputation request require requirement rescue
research resend resent reservation reserve reset resign resist resolution resolve resort resource respect respond
response responsibility responsible rest restart restaurant restore restrict restriction resubmit result resume retail
retire retirement retry return reveal revenue reverse review revoke revolution reward rice rich ride right ring rise
risk river road rock role roll rollback roof room root rope rough roughly round route router routine royal rubber
rubbish rude ruin rule rural rush safari safe safely safety said sail salad salary sale salt sample sand sandwich
satisfy saturday sauce save scale scam scan scanner scared scene schedule scheme school science scientist scope score
scratch scream screen screensaver screenshot script scroll search season seat second secret secretary section secure
security seed seek seem seen select self sell seller send sender senior sense sensible sensitive sent sentence
separate separately september series serious seriously serve server service session settings settle setup seven
several severe shade shadow shake shame shape share sharepoint sharp sheet shelf shell shelter shift shine ship shirt
shock shoe shoot shop short shortage shortcut shortly shot shoulder shout show shower shown shut sick side sight sign
signal signature significant signup silence silent silly silver similar similarly simple simply sing singer single
sink sister site situation size skill skin skip slack sleep slept slice slide slight slightly slip slow slower slowly
small smaller smart smartphone smell smile smoke smooth snap snow soap social society sock soft software soil sold
soldier sole solid solution solve somehow sometime somewhere song soon sort soul sound source south space spam spare
speak speaker special specialist specific specifically speech speed spell spend spent spin spirit spite split spoke
spoken sport spot spotify spread spreadsheet spring square stable staff stage stairs stamp stand standard star start
startup state statement station statistics status stay steady steal steel step stick stock stole stolen stomach stone
stood stop storage store storm story straight strange stranger strategy stream street strength stress stretch strict
strike string strong strongly structure struggle stuck student studio study stupid style stylus subject submit
subscribe subscription substance succeed success successful successfully sudden suffer sufficient sugar suggest
suggestion suit suitable summary summer sunday supper supplier supply support suppose sure surely surface surgery
surname surprise surround survey survive suspect suspend suspicious swear sweat sweet swim swing switch symbol
sympathy symptom sync system table tablet take taken tale talent talk tall tank tape target task taste taught taxi
teach teacher team teammate tear technical technique technology teeth telephone television temper temperature template
temporarily temporary tend term terminate terrible terror test text thankful theatre theft themselves theory therefore
thick thief thin think third thirteen thirty thorough thought thousand thread threat threaten three threw throughout
throw thrown thumb thunder thursday thus ticket tidy tied tight till time timeout timesheet tiny tire tissue title
together toilet told tone toner tongue took tool tooth topic total totally touch touchpad tough tour tourist toward
towel tower town trace track trackpad trade tradition traditional traffic train transaction transfer transform
transition translate translation transparent transport trap travel traveller tray treat treatment tree trend trial
trick tried trigger trip troop trouble truck true truly trust truth tube tuesday tune turn twelve twenty twice twin
twist twitter type typed typical typo ugly ultimate umbrella unable unauthorised unauthorized unavailable unblock
uncle underneath understand understood undo unemployed unexpected unfair unfortunately unhappy uniform uninstall union
unique unit universe university unknown unless unlike unlikely unlock unmute unplug unresponsive unsubscribe unused
unusual unwanted unzip update upgrade upload upper upset upside upstairs urge urgent urgently usage useful useless
user username usual usually vacation vague valid valley valuable value vanish variable variation variety various vary
vast vegetable vehicle vendor venue verification verify version versus video view village violence violent virtual
virus visa visible vision visit visitor visual vital voice voicemail volume voluntary volunteer vote voucher wage wait
wake walk wall wallet wallpaper warm warn warranty wash waste watch water wave weak weakness wealth weapon wear
weather webcam website wedding wednesday weekend weekly weigh weight weird welcome went west western whatever whatsapp
wheel whenever whereas wherever whisper white whitelist whoever whole wide widely wife wifi wild wind window wine wing
winner winter wipe wire wireless wise wish withdraw withdrawal without witness wizard woman women wonder wonderful
wood wooden word wore work worker workspace world worn worry worse worst worth wound wrap write writer written wrong
wrote yard yeah year yearly yell yellow young younger yourself youth youtube zero zipped zone zoom
"""

COMMON_WORDS: Final = frozenset(_BASE_FORMS.split())
COMMON_STEMS: Final = frozenset(map(stem, COMMON_WORDS))
