/** What the server-made pages load: their look, and small comforts on their forms. */
import "../ui/app.css";
