package extract

import (
	"strings"
	"sync"
)

// idCue is what a phrase says about a company.
type idCue int

const (
	idSeat     idCue = iota + 1 // registered in, seat of the company
	idLaw                       // governed by the law of
	idBased                     // based in
	idOffice                    // our office in
	idImprint                   // names the company that runs the site
	idSupplier                  // names somebody else's company
	idFormer
	idNot
	idServer
	idSelf    // we are
	idCompany // company, firm
	idThing   // what else can be registered somewhere
	idPay
	idLimit // customers from: not about us
	idAddress
	idOurs   // we, our: the one who speaks
	idFirm   // what a firm is, and what it has only as one: papers, a flag
	idOther  // speaks of somebody else, or of what is asked, planned or doubted
	idNumber // announces a number of a register
)

// idPhrases are the phrases by what they say, separated by "|".
var idPhrases = map[idCue]string{
	idSeat: "where we're incorporated|where we are incorporated|where we're registered|where we are registered|where the company is registered|registad* no|registad* na|registad* nas|registad* em|registered in|registered at|registered agent|principal place of business|place of business|headquarters in|head office|seat is|organised in|organized in|formed in|founded in|set up in|established in|constituted in|" +
		"licence was issued by|license was issued by|licence issued by|license issued by|licensed in|licensed by|domicilio|aberta em|abierta en|constituid* em|constituid* nas|constituid* nos|constituid* no|constituid* na|ingeschreven op|" +
		"yasal adres*|yasal merkez*|зарегистрированы|оформлено на|оформлена на|открыта в|открыто в|відкрита в|открыта на|" +
		"registered in|registered at|registered on|registered under|registered as|registered office|registered seat|registered address|incorporated in|incorporated under|incorporated at|incorporated on|" +
		"we incorporated in|established under|organized under|organised under|formed under|legal seat|corporate seat|domiciled in|legal address|company seat|place of incorporation|" +
		"country of incorporation|place of registration|country of registration|entity in|company registered|company incorporated|chartered in|jurisdiction of incorporation|seat of the company|" +
		"statutair gevestigd|gevestigd te|gevestigd in|gevestigd op|ingeschreven in|ingeschreven te|geregistreerd in|geregistreerd op|geregistreerd te|statutaire zetel|maatschappelijke zetel|zetel in|opgericht in|" +
		"vestigingsplaats|sitz der firma|firmensitz|sitz der gesellschaft|gesellschaftssitz|unternehmenssitz|mit sitz in|mit sitz auf|sitz in|sitz auf|sitz ist|eingetragen in|eingetragen auf|" +
		"registriert in|registriert auf|gegrundet in|handelsregister in|siege social|siege est|immatricul* a|immatricul* en|immatricul* au|immatricul* aux|immatricul* dans|enregistr* a|enregistr* en|" +
		"enregistr* au|enregistr* aux|enregistr* dans|domicili* a|domicili* en|domicili* aux|domicili* au|constitu* en|constitu* bajo|constitu* sob|domicilio social|registrad* en|registrad* em|registrad* nas|registrad* no|registrad* na|" +
		"inscrit* en|inscrit* em|con sede|sede social|com sede|sede em|sede en|sede nas|sede legal|zarejestrowan* w|zarejestrowan* na|siedzib*|zalozon* w|kayitli|tescilli|sirket merkez*|merkezimiz|kurulu|kurulmus|" +
		"зарегистрирован*|инкорпорирован*|учрежден*|юридический адрес|юр адрес|юрадрес|страна регистрации|место регистрации|адрес регистрации|регистрация компании|регистрация в|резидент*|" +
		"зареєстрован*|юридична адреса|країна реєстрації|місце реєстрації|засновано в|юридическая прописка|оформлена в|оформлены в|оффшор в|оффшор на|офшор в|офшор на|офшор у",
	idLaw: "sue us in|sue us at|verklagen sie uns in|судитесь в|governed by|laws of|law of|law applies|law governs|under the law|courts of|courts at|courts in|court of|jurisdiction|governing law|applicable law|recht van|toepasselijk recht|" +
		"recht is van toepassing|bevoegde rechter|rechter te|rechtbank te|es gilt|gilt das recht|recht der|recht von|gerichtsstand|anwendbares recht|anzuwendendes recht|recht findet|droit applicable|soumis au droit|" +
		"regi* par|droit de|tribunaux de|tribunaux des|ley aplicable|leyes de|legislacion de|tribunales de|lei aplicavel|leis de|leis do|leis das|foro de|prawo wlasciwe|prawu|prawem|prawa|sad wlasciwy|" +
		"hukuk*|kanunlar*|yasalar*|mahkeme*|de droit|de derecho|de direito|юрисдикц*|по законам|законодательств*|праву|право|законами|законодавств*|за законами|применимое право|суды",
	idBased:  "based in|based out of|we are in|company in|company from|located in|headquartered in|basee a|basee en|basee au|basee aux|base en|basada en|baseada em|ansassig in|ansaessig in|zit in|zittend in|находится в|базируется в|базируемся в|знаходиться в|компания в|компания на|компания из|фирма в|фирма на|фирма из|юрлицо в|юрлицо на|компанія в|компанія на|компанія з|bedrijf in|bedrijf uit|firma in|firma aus|firma uit|societe en|societe a|empresa en|empresa em|firma w|firma na",
	idOffice: "our office in|office in|offices in|our office is in|office is in|kantoor in|kantoor te|buro in|bureau a|bureaux a|oficina en|oficinas en|escritorio em|biuro w|ofisimiz|офис в|офис на|офіс у|офіс в",
	idImprint: "company|legal entity|operated by|operator|owned by|run by|trade name of|trading name of|trading as|brand of|service of|product of|copyright|bedrijf|bedrijfsnaam|handelsnaam van|onderdeel van|eigendom van|" +
		"dienst van|beheerd door|juridische entiteit|firma|anbieter|betreiber|betrieben von|unternehmen|marke der|impressum|societe|editeur|exploite par|marque de|service de|empresa|razon social|operado por|marca de|" +
		"titular|spolka|operator serwisu|prowadzony przez|sirket|unvan|юрлицо|юридическое лицо|компания|организация|счет на|исполнитель|владелец|оператор|договор с|компанія|юрособа|юридична особа|виконавець|" +
		"公司主体|主体|运营|invoice from|invoiced by|contract with|agreement with|terms of|provided by|services of",
	idSupplier: "colocat*|colocate with|bought|purchased|belongs to|charged by|rekken bij|data centre belongs|old company|data centre|handled by|payments by|lease|rent|buy from|racks from|space from|capacity from|rent from|rented from|lease from|leased from|colocated at|colocated with|colocation at|racks at|rack at|hosted at|hosted by|upstream|transit|supplier|partner|partners|datacenter of|data centre of|data center of|" +
		"reseller of|resell|customers such as|customer of|client of|bank|insured|auditor|registrar|software|theme|powered by|designed by|website by|built by|works at|worked at|worked for|colo bij|" +
		"staan bij|huren bij|huren van|leverancier|wederverkoper|klant van|afnemer|rechenzentrum der|rechenzentrum von|stehen bei|mieten bei|partner der|lieferant|datacenter de|centre de donnees de|partenaire|" +
		"fournisseur|heberge par|alojado en|proveedor|socio|fornecedor|parceiro|dostawca|partner|u dostawcy|kiralik|дата центр|датацентр|аплинк*|партнер*|арендуем у|арендуем|стоят у|стоит у|поставщик*|банк*|" +
		"регистратор*|постачальник*|орендуємо|unlike|instead of|competitor*|not affiliated|affiliated with|lawsuit|sued|versus|processed by|payments by|payment processor",
	idFormer: "closed|sold|gave up|used to have|used to be|had|former|formerly|previously|ex|voormalig*|vroeger*|voorheen|ehemalig*|fruher*|vormals|ancien*|anciennement|antigu*|anterior*|dawn*|dawniej|eski|бывш*|ранее|колишн*|раніше|bought from|taken over from|acquired from",
	idNot: "not|no|never|neither|nor|don't|doesn't|isn't|aren't|wasn't|cannot|can't|without|niet|geen|nooit|noch|nicht|kein*|nie|ne|pas|n'est|n'a|n'avons|aucun*|jamais|ni|nunca|jamas|nao|nem|degil|degiliz|yok|" +
		"не|нет|ни|никогда|ні|немає|ніколи|isnt|arent",
	idServer: "server*|vps|vds|machine*|rack*|datacent*|data center*|data centre*|dedicated|hardware|node*|colocation|pop|pops|capacity|cabinet*|racks|hosted|location*|serwer*|rechner*|maschine*|rechenzent*|serveur*|baie*|" +
		"servidor*|maquina*|sunucu*|сервер*|стойк*|желез*|заліз*|дата центр*|датацентр*|машин*|площадк*|локаци*|локаці*|host*|latency|ports|berths|houses|standort*|locatie*|kvm|vm|vms|boxes|line|network|netwerk|сеть|выделенн*",
	idSelf: "is een|é uma|e uma|we are|we're|we are a|is a|are a|as a|is an|as an|we are an|wij zijn|we zijn|als|wir sind|sind|ist eine|als|nous sommes|est une|en tant que|somos|es una|como|jestesmy|jako|biz|мы|являемся|является|" +
		"ми|є|это|our|a licensed|an offshore",
	idCompany: "company|corporation|corp|firm|entity|llc|legal entity|bedrijf|onderneming|vennootschap|firma|gesellschaft|unternehmen|genossenschaft|societe|entreprise|empresa|sociedad|sociedade|spolka|spolke|sirket*|firmasi*|" +
		"компания|компанией|компании|фирма|юрлицо|компанія|фірма|ibc",
	idThing: "domain*|trademark*|customer*|client*|user*|users|account*|mark|phone*|sim|vehicle|ship|vessel*|klant*|domein*|kunde*|domain*|client*|cliente*|домен*|клиент*|пользовател*|аккаунт*|клієнт*|" +
		"wij bij|office hours|complaint*|mail|mails|address*|rights|holder",
	idLimit: "latency to|ping to|ms to|customers from|customers in|clients from|clients in|users in|users from|klanten uit|klanten in|kunden aus|kunden in|clients en|clients de|clientes de|clientes en|klienci z|клиенты из|клиентов из|клиентам из|" +
		"клієнти з|orders from|deliver to|shipping to|except|sanction*|travel*|holiday*|born in|grew up|moved from|friends in|founder*|team|staff|employees|engineer*|support in|support office|sales office|founders",
	idOurs: "behind this|behind it|behind the site|the legal entity|the entity|контракт с|договор с|договор от|счет от|we|we're|we've|our|ours|us|i'm|my company|my firm|my own|this site|this shop|this service|the undersigned|behind us|proudly|ons|onze|wij|we zijn|deze site|deze winkel|unser*|wir|uns|diese seite|" +
		"notre|nous|nos|ce site|nuestr*|somos|nosotros|este sitio|nossa|nosso|nos somos|este site|nasz*|jestesmy|nas|mamy|biz|bizim|sirketimiz*|firmamiz*|merkezimiz|yasal adresimiz|наш*|мы|нас|нам|работаем|заключаем|" +
		"ми|нам|працюємо",
	idFirm: "company|trust|parent|licence|license|corporate|paper|entite legale|entidad legal|entidade legal|юр лицо|corporation|corp|firm|entity|legal entity|legal person|papers|paperwork|incorporation papers|flag|limited|seat|business company|incorporation|corporate home|shell|offshore|bedrijf|onderneming|vennootschap|firma|" +
		"papieren|rechtspersoon|gesellschaft|unternehmen|papiere|anstalt|rechtstrager|societe|entreprise|papiers|empresa|sociedad|papeles|sociedade|papeis|compania|companhia|spolka|spolke|spolki|spolce|firma|firmy|firme|firmie|papiery|sirket|sirketi|sirketimiz*|sirketiyiz|firmamiz*|firmasi*|evraklar*|" +
		"компания|компании|компанией|компанию|фирма|фирме|фирму|фирмой|контор*|юрлиц*|бумаг*|бумаги|документы|юридическое лицо|компанія|компанії|фірма|фірмі|юрособ*|папери|ип|оффшор*|офшор*|ibc|флаг",
	idOther: "companies|firms|bedrijven|firmen|gesellschaften|societes|entreprises|empresas|sociedades|sirketler|sirket kurmak|открываем|регистрируем|продаем|под ключ|кому нужна|нужна фирма|next door|says|said|i heard|according to|rumour|rumor|so they say|they think|" +
		"if you are|if you're|if your|you are a|help you|i need|my lawyer|my bank|our lawyer|our bank|competitor*|refuse|refused|welcome as|lets you|allows you|allow you|is legal|nos compro|nous a ecrit|huurt|kupil*|купил*|арендует у нас|client of ours|customer of ours|customers of ours|clients of ours|my customer|my client|a customer|a client|his firm|his company|her company|her firm|their company|their firm|their seat|their office|their papers|their entity|your company|your firm|your seat|" +
		"they say|they claim|claims to be|claim to be|he says|says he|she says|says it|interpol*|police|upstream*|prosecutor*|court in|looking for|can i|should i|could i|is it better|where to|how to|how do|any idea|we will open|will open|we'll open|will move|considered|thinking of|next year|next month|would be|about belize companies|" +
		"who knows|anyone|company formation|formations|prefix*|whois|time zone|transit ltd|a competitor|payment processor|charged by|belongs to|belong to|old company|dissolved|used to be|until 20*|klant|politie|hun bedrijf|hun zetel|rekken bij|kunde|kunden|polizei|ein kunde|ihre firma sitzt|" +
		"client|police|leur societe|cliente|policia|su empresa|klient|policja|musteri*|polis|polisi|клиент|клиента|клиенту|полици*|аплинк*|подскажите|где открыть|где лучше|планируем|собираемся|раньше|их фирма|их компания|у аплинка|прокурат*|клієнт|поліці*|де відкрити|раніше|плануємо",
	idNumber: "company reg|reg code|registrikood|identification number|imones kodas|id number|company id|company no|company number|company registration number|registration number|registration no|reg no|reg nr|reg number|registered number|registry number|ibc no|ibc number|business number|incorporation number|handelsregisternummer|registernummer|firmennummer|" +
		"bedrijfsnummer|numero de registro|numero d'immatriculation|numer rejestrowy|регистрационный номер|рег номер|номер компании|номер ibc|реєстраційний номер|sicil no|注册编号",
	idAddress: "address|our address|postal address|office address|adres|postadres|bezoekadres|anschrift|adresse|direccion|endereco|adresi|адрес|почтовый адрес|адреса|地址",
}

// payWords are the means of payment by the words for them.
var payWords = map[string]string{
	"btc": "bitcoin*|btc|биткоин*|биткойн*|біткоїн*", "xmr": "monero|xmr|монеро", "usdt": "usdt|tether|trc20", "eth": "ethereum|eth|эфир*", "ltc": "litecoin*|ltc", "doge": "dogecoin|doge",
	"crypto": "crypto|cryptocurrenc*|cryptovaluta|kryptowahrung*|krypto|cryptomonnai*|criptomoneda*|criptomoeda*|kryptowalut*|kripto|крипт*|криптовалют*",
	"card":   "card|cards|credit card*|creditcard*|visa|mastercard|kreditkarte*|karte|kaart|carte|cartes|tarjeta*|cartao|kart|karta|karty|karty|karta|карт*|картк*",
	"paypal": "paypal", "bank": "bank transfer*|wire transfer*|sepa|iban|overboeking|bankoverschrijving|uberweisung|virement|transferencia|przelew*|havale|eft|банковск* перевод*|безналичн*|банківськ* переказ*|direct debit|incasso|lastschrift",
	"cash": "cash|contant|contante|bargeld|bar|especes|efectivo|dinheiro|gotowk*|nakit|наличн*|готівк*|envelope*|umschlag", "ideal": "ideal", "perfectmoney": "perfect money|perfectmoney",
	"webmoney": "webmoney|вебмани", "qiwi": "qiwi|киви", "yoomoney": "yoomoney|юмани|юмоney", "alipay": "alipay", "wechat": "wechat pay|wechatpay", "voucher": "voucher*|paysafecard|paysafe|coupon prepaye|prepaid",
	"invoice": "invoice*|factuur|rechnung|facture|factura|fatura|faktura|счет|рахунок",
}

// payCues say that means of payment are spoken of.
const payCues = "pay|paid|payment*|pays|accept*|betaal*|betalen|betaling|zahl*|bezahl*|paiement*|payer|pago*|pagar|pagamento*|aceit*|acept*|platnos*|zaplac*|przyjmuj*|odeme*|oplata|оплат*|платеж*|принима*|платіж*|приймаємо|" +
	"invoice*|top up"

// hanPay are the means of payment in Chinese.
var hanPay = []struct{ word, means string }{
	{"比特币", "btc"}, {"比特幣", "btc"}, {"门罗", "xmr"}, {"支付宝", "alipay"}, {"支付寶", "alipay"}, {"微信", "wechat"}, {"银行", "bank"}, {"銀行", "bank"}, {"信用卡", "card"}, {"泰达币", "usdt"}, {"加密货币", "crypto"}, {"现金", "cash"},
}

// hanSeat and hanLaw are phrases in Chinese, found within a run; hanServer says that machines are spoken of.
var (
	hanSeat   = []string{"注册于", "注册在", "注册地", "註冊於", "註冊地", "设立于", "成立于", "总部位于", "總部設於", "公司注册", "注册地址", "登记于"}
	hanLaw    = []string{"适用法律", "法律管辖", "管辖", "司法管辖", "受香港法律"}
	hanServer = []string{"服务器", "伺服器", "机房", "機房", "线路", "節點", "节点", "数据中心", "主机", "主機", "位于"}
)

// shops are the shop and billing systems by the words that give them away.
var shops = map[string]string{
	"whmcs": "whmcs", "blesta": "blesta", "hostbill": "hostbill", "billmanager": "billmanager|billmgr|ispsystem", "clientexec": "clientexec", "wisecp": "wisecp", "fossbilling": "fossbilling|boxbilling",
	"paymenter": "paymenter", "wefact": "wefact|hostfact", "upmind": "upmind",
}

// registerCountry maps a register or tax number to its country.
var registerCountry = map[string]string{
	"KvK": "NL", "HRB": "DE", "HRA": "DE", "GnR": "DE", "INN": "RU", "OGRN": "RU", "OGRNIP": "RU", "EDRPOU": "UA", "BIN": "KZ", "UNP": "BY", "NIP": "PL", "KRS": "PL", "REGON": "PL", "CNPJ": "BR",
	"MERSIS": "TR", "SIREN": "FR", "SIRET": "FR", "RCS": "FR", "EIK": "BG", "IDNO": "MD", "CVR": "DK", "OIB": "HR", "ABN": "AU", "ACN": "AU", "UEN": "SG", "KENNITALA": "IS", "USCC": "CN",
}

// registers are registers whose name alone claims a seat.
const registers = "CR:cedula juridica|CN:icp备|PA:registro publico de panama|CH:handelsregister zurich|CH:handelsregisteramt|NL:kamer van koophandel|NL:kvk|GB:companies house|DE:amtsgericht|DE:registergericht|FR:registre du commerce|UA:єдрпоу|RU:огрн|RU:огрнип|RU:егрюл|RU:егрип|EE:ariregister"

var (
	payNames  = sortedKeys(payWords)
	shopNames = sortedKeys(shops)

	// The tables are made when the first page of a site is read: they take some milliseconds.
	places = sync.OnceValue(func() *gazetteer { return readGazetteer(jurisdictionTable) })
	idBook = sync.OnceValue(func() phraseBook { return makeIDBook(places()) })
)

// makeIDBook enters all phrases that identities are read by, the names of places among them.
func makeIDBook(g *gazetteer) phraseBook {
	b := newPhraseBook()
	for cue, list := range idPhrases {
		b.addAll(list, phraseCue, int(cue))
	}
	b.addAll(payCues, phraseCue, int(idPay))
	for k, name := range payNames {
		b.addAll(payWords[name], phrasePay, k)
	}
	for k, name := range shopNames {
		b.addAll(shops[name], phraseShop, k)
	}
	for p := range strings.SplitSeq(registers, "|") {
		b.add(p[3:], phraseRegister, int(p[0])<<8|int(p[1]))
	}
	for k, e := range g.entries {
		b.add(e.name, phrasePlace, k)
	}
	return b
}

// addAll enters the phrases of a list.
func (b phraseBook) addAll(list string, sort phraseSort, tag int) {
	for p := range strings.SplitSeq(list, "|") {
		b.add(p, sort, tag)
	}
}
