/** The brand, and people with and without a picture. */
import { Avatar } from "../Avatar";
import { Brand } from "../Brand";

const PEOPLE = [
  "Amara Obi",
  "Bo Lind",
  "Cem Kaya",
  "Дина Жукова",
  "Eva Moll",
  "Finn Neri",
  "Глеб Орлов",
  "Hana Park",
  "Ida Rey",
  "Яна Серова",
];

export function KitPeople() {
  return (
    <>
      <Brand />
      <span className="nz-faces">
        {PEOPLE.map((name, index) => (
          <Avatar key={name} name={name} color={index + 1} />
        ))}
      </span>
      <Avatar name="Marta Silva" color={2} size={40} pictureUrl="/static/people/marta.svg" />
      <Avatar name="Noor Haddad" color={6} size={64} />
      <Avatar name="Ilya Gromov" color={8} size={40} speaking />
    </>
  );
}
