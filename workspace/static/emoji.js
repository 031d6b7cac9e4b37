// The few emoji that a bot of this kind uses, by Slack's names; others stay as :name:.

const TABLE = `white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ warning ⚠️ rotating_light 🚨
no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 bell 🔔 no_bell 🔕 pager 📟 telephone_receiver 📞 eyes 👀 mag 🔍
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪
black_circle ⚫ hourglass ⌛ hourglass_flowing_sand ⏳ clock3 🕒 stopwatch ⏱️ calendar 📅 date 📅 lock 🔒 unlock 🔓
key 🔑 closed_lock_with_key 🔐 shield 🛡️ bust_in_silhouette 👤 busts_in_silhouette 👥 wave 👋 raised_hands 🙌
+1 👍 thumbsup 👍 -1 👎 tada 🎉 rocket 🚀 package 📦 house 🏠 office 🏢 building_construction 🏗️ construction 🚧
wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ link 🔗 memo 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 file_folder 📁
bulb 💡 question ❓ grey_question ❔ exclamation ❗ information_source ℹ️ point_right 👉 arrow_up ⬆️ arrow_right ➡️
arrow_down ⬇️ arrows_counterclockwise 🔄 repeat 🔁 fire 🔥 boom 💥 bug 🐛 robot_face 🤖 ghost 👻 seedling 🌱 sparkles ✨
star ⭐ globe_with_meridians 🌐 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 see_no_evil 🙈 sleeping 😴
thinking_face 🤔 slightly_smiling_face 🙂 sandbox 🏖️ beach_with_umbrella 🏖️ desert_island 🏝️ test_tube 🧪 sos 🆘 speech_balloon 💬
satellite_antenna 📡 satellite 🛰️`;

const KNOWN = new Map();
const words = TABLE.split(/\s+/);
for (let index = 0; index < words.length; index += 2) KNOWN.set(words[index], words[index + 1]);

/** The character for a name such as `warning`, or undefined. */
export const emoji = (name) => KNOWN.get(name);
