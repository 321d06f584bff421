// Which picture does `:shortcode:` stand for?
//
// The ones that bots and people use most; an unknown one stays as it was written, as in Slack.

const TABLE = `
bell 🔔 no_bell 🔕 email ✉️ envelope ✉️ e-mail 📧 incoming_envelope 📨 envelope_with_arrow 📩 mailbox 📫
mailbox_with_mail 📬 postbox 📮 package 📦 outbox_tray 📤 inbox_tray 📥 phone ☎️ telephone ☎️ telephone_receiver 📞
iphone 📱 calling 📲 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ loudspeaker 📢 mega 📣
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕
question ❓ grey_question ❔ information_source ℹ️ bangbang ‼️ interrobang ⁉️ sos 🆘 new 🆕 ok 🆗 recycle ♻️ repeat 🔁
repeat_one 🔂 arrows_counterclockwise 🔄 arrows_clockwise 🔃 leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ rewind ⏪
fast_forward ⏩ arrow_forward ▶️ arrow_backward ◀️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ arrow_up ⬆️
arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ heavy_plus_sign ➕ heavy_minus_sign ➖ link 🔗 paperclip 📎 pushpin 📌
round_pushpin 📍 pencil 📝 memo 📝 pencil2 ✏️ lower_left_fountain_pen 🖋️ page_facing_up 📄 page_with_curl 📃 clipboard 📋
bookmark 🔖 bookmark_tabs 📑 label 🏷️ card_index 📇 file_folder 📁 open_file_folder 📂 card_file_box 🗃️ wastebasket 🗑️
books 📚 book 📖 newspaper 📰 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 date 📅 calendar 📆
spiral_calendar_pad 🗓️ clock9 🕘 clock1 🕐 clock12 🕛 watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛
hourglass_flowing_sand ⏳ mag 🔍 mag_right 🔎 lock 🔒 unlock 🔓 key 🔑 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️
toolbox 🧰 bulb 💡 battery 🔋 electric_plug 🔌 computer 💻 printer 🖨️ camera 📷 art 🎨 tada 🎉 confetti_ball 🎊 gift 🎁
balloon 🎈 trophy 🏆 medal 🏅 star ⭐ star2 🌟 sparkles ✨ fire 🔥 zap ⚡ boom 💥 rocket 🚀 sunny ☀️ cloud ☁️ umbrella ☔
snowflake ❄️ rainbow 🌈 dog 🐶 dog2 🐕 service_dog 🐕‍🦺 guide_dog 🦮 poodle 🐩 cat 🐱 cat2 🐈 rabbit 🐰 rabbit2 🐇
hamster 🐹 mouse 🐭 rat 🐀 horse 🐴 racehorse 🐎 cow 🐮 pig 🐷 sheep 🐑 goat 🐐 bird 🐦 parrot 🦜 chicken 🐔 turtle 🐢
snake 🐍 lizard 🦎 fish 🐟 tropical_fish 🐠 hedgehog 🦔 ferret 🦡 bear 🐻 fox_face 🦊 bee 🐝 bug 🐛 feet 🐾 paw_prints 🐾
bone 🦴 tooth 🦷 syringe 💉 pill 💊 stethoscope 🩺 adhesive_bandage 🩹 drop_of_blood 🩸 microscope 🔬 dna 🧬 thermometer 🌡️
hospital 🏥 ambulance 🚑 house 🏠 house_with_garden 🏡 office 🏢 bank 🏦 school 🏫 heart ❤️ orange_heart 🧡 yellow_heart 💛
green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 black_heart 🖤 smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂
blush 😊 wink 😉 joy 😂 laughing 😆 sweat_smile 😅 thinking_face 🤔 neutral_face 😐 confused 😕 disappointed 😞 cry 😢
sob 😭 angry 😠 sleeping 😴 zzz 💤 sunglasses 😎 hugging_face 🤗 wave 👋 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏
raised_hands 🙌 pray 🙏 ok_hand 👌 point_right 👉 point_left 👈 point_up ☝️ point_down 👇 muscle 💪 hand ✋ raised_hand ✋
eyes 👀 eye 👁️ speaking_head_in_silhouette 🗣️ bust_in_silhouette 👤 busts_in_silhouette 👥 person_frowning 🙍
female-doctor 👩‍⚕️ male-doctor 👨‍⚕️ robot_face 🤖 ghost 👻 skull 💀 crown 👑 red_circle 🔴 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪ black_circle ⚫ large_red_square 🟥
large_yellow_square 🟨 large_green_square 🟩 black_small_square ▪️ white_small_square ▫️ small_blue_diamond 🔹
small_orange_diamond 🔸 large_blue_diamond 🔷 flag-se 🇸🇪 flag-fi 🇫🇮 flag-no 🇳🇴 flag-dk 🇩🇰 flag-gb 🇬🇧 flag-us 🇺🇸
earth_africa 🌍 globe_with_meridians 🌐 coffee ☕ cake 🍰 birthday 🎂 seedling 🌱 herb 🌿 four_leaf_clover 🍀 christmas_tree 🎄
money_with_wings 💸 credit_card 💳 receipt 🧾 moneybag 💰 door 🚪 bed 🛏️ shower 🚿 car 🚗 airplane ✈️ construction 🚧
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 100 💯 copyright ©️ registered ®️ tm ™️
`;

const PICTURES = new Map();
const words = TABLE.trim().split(/\s+/);
for (let at = 0; at < words.length; at += 2) PICTURES.set(words[at], words[at + 1]);

const SHORTCODE = /:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/g;

/** The text with its known shortcodes replaced. */
export const withEmoji = (text) => text.replace(SHORTCODE, (whole, name) => PICTURES.get(name) ?? whole);

/** The picture for a name without colons, or null. */
export const emojiNamed = (name) => PICTURES.get(name) ?? null;

/** The text of a plain_text object, as Slack shows it. */
export function plain(object) {
  if (!object) return "";
  return object.emoji === false ? object.text : withEmoji(object.text ?? "");
}
